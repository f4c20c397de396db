package dev.latchkey.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class BackgroundTasksTest {
  private final LinkedBlockingQueue<Runnable> answers = new LinkedBlockingQueue<>();
  private final Tasks tasks = new BackgroundTasks(answers::add);
  private final List<Object> told = new ArrayList<>();

  @Test
  void answersOnTheGivenThreadOnly() throws InterruptedException {
    tasks.start("Adding", () -> 40 + 2, told::add, told::add);

    Runnable answer = next();
    assertThat(told).isEmpty();
    answer.run();
    assertThat(told).containsExactly(42);
  }

  @Test
  void tellsAFailure() throws InterruptedException {
    IllegalStateException failure = new IllegalStateException("broken");
    tasks.start(
        "Failing",
        () -> {
          throw failure;
        },
        told::add,
        told::add);

    next().run();

    assertThat(told).containsExactly(failure);
  }

  @Test
  void tellsAnErrorToo() throws InterruptedException {
    tasks.start(
        "Failing",
        () -> {
          throw new StackOverflowError();
        },
        told::add,
        told::add);

    next().run();

    assertThat(told).singleElement().isInstanceOf(StackOverflowError.class);
  }

  @Test
  void dropsTheAnswerOfACancelledJobAlsoWhenItIsAlreadyOnItsWay() throws InterruptedException {
    Tasks.Job job = tasks.start("Adding", () -> 1, told::add, told::add);
    Runnable answer = next();

    job.cancel();
    answer.run();

    assertThat(told).isEmpty();
  }

  @Test
  void stopsWhatRegisteredWhenItIsCancelled() throws InterruptedException {
    CountDownLatch registered = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Tasks.Job job =
        tasks.start(
            "Waiting",
            () -> {
              try (var _ = Cancellation.current().onCancel(stopped::countDown)) {
                registered.countDown();
                return stopped.await(20, TimeUnit.SECONDS);
              }
            },
            told::add,
            told::add);
    assertThat(registered.await(20, TimeUnit.SECONDS)).isTrue();

    job.cancel();

    assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theLatestQuestionAloneIsAnswered() throws InterruptedException {
    Latest latest = new Latest(tasks);
    latest.start("First", () -> "first", told::add, told::add);
    Runnable first = next();
    latest.start("Second", () -> "second", told::add, told::add);
    Runnable second = next();

    second.run();
    first.run();

    assertThat(told).containsExactly("second");
  }

  private Runnable next() throws InterruptedException {
    Runnable answer = answers.poll(20, TimeUnit.SECONDS);
    assertThat(answer).isNotNull();
    return answer;
  }
}
