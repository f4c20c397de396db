package dev.latchkey;

/** Where the program starts: without arguments the desktop, otherwise the command line. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.out.println("Latchkey");
  }
}
