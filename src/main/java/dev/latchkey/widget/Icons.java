package dev.latchkey.widget;

import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** One icon for one meaning, the same on every screen. */
public final class Icons {
  public static final Ikon OVERVIEW = Feather.LAYOUT;
  public static final Ikon KEYS = Feather.KEY;
  public static final Ikon USAGE = Feather.ACTIVITY;
  public static final Ikon ACCESS = Feather.CLOCK;
  public static final Ikon AUDIT = Feather.SHIELD;
  public static final Ikon PREFERENCES = Feather.SLIDERS;
  public static final Ikon SEARCH = Feather.SEARCH;
  public static final Ikon LINK = Feather.LINK;
  public static final Ikon LOCK = Feather.LOCK;
  public static final Ikon WRITE = Feather.EDIT_2;
  public static final Ikon REVEAL = Feather.EYE;
  public static final Ikon HIDE = Feather.EYE_OFF;
  public static final Ikon COPY = Feather.COPY;
  public static final Ikon DONE = Feather.CHECK;
  public static final Ikon OK = Feather.CHECK_CIRCLE;
  public static final Ikon FAILED = Feather.X_CIRCLE;
  public static final Ikon WARNING = Feather.ALERT_TRIANGLE;
  public static final Ikon ALERT = Feather.ALERT_CIRCLE;
  public static final Ikon INFO = Feather.INFO;
  public static final Ikon CLOSE = Feather.X;
  public static final Ikon ADD = Feather.PLUS;
  public static final Ikon MORE = Feather.MORE_HORIZONTAL;
  public static final Ikon CONNECT = Feather.LOG_IN;
  public static final Ikon SIGN_OUT = Feather.LOG_OUT;
  public static final Ikon START = Feather.PLAY;
  public static final Ikon ARCHIVE = Feather.ARCHIVE;
  public static final Ikon RELOAD = Feather.REFRESH_CW;
  public static final Ikon DELETE = Feather.TRASH_2;
  public static final Ikon DISABLE = Feather.SLASH;
  public static final Ikon COLUMNS = Feather.COLUMNS;
  public static final Ikon DOWN = Feather.CHEVRON_DOWN;
  public static final Ikon NEXT = Feather.CHEVRON_RIGHT;
  public static final Ikon DATABASE = Feather.DATABASE;
  public static final Ikon NETWORK = Feather.GLOBE;
  public static final Ikon PERSON = Feather.USER;
  public static final Ikon HELP = Feather.HELP_CIRCLE;
  public static final Ikon THEME = Feather.MOON;
  public static final Ikon EMPTY = Feather.INBOX;
  public static final Ikon SAVE = Feather.SAVE;
  public static final Ikon DOCTOR = Feather.LIFE_BUOY;
  public static final Ikon WAITING = Feather.CIRCLE;
  public static final Ikon RUNNING = Feather.LOADER;
  public static final Ikon SKIPPED = Feather.MINUS_CIRCLE;
  public static final Ikon FILTER = Feather.FILTER;
  public static final Ikon FREEZE = Feather.CLOUD_SNOW;

  private Icons() {}

  /** An icon of 16 pixels. */
  public static FontIcon of(Ikon icon) {
    return of(icon, 16);
  }

  /**
   * @param size 12, 14, 16, 20 or 32 pixels
   */
  public static FontIcon of(Ikon icon, int size) {
    FontIcon node = new FontIcon(icon);
    node.getStyleClass().addAll("lk-icon", "lk-icon-" + size);
    return node;
  }

  public static FontIcon of(Ikon icon, int size, Tone tone) {
    FontIcon node = of(icon, size);
    tone.applyTo(node);
    return node;
  }

  /** A button with an icon only; {@code name} is its tooltip and what a screen reader says. */
  public static Button button(Ikon icon, String name, Runnable action) {
    Button button = new Button("", of(icon));
    name(button, name);
    button.getStyleClass().addAll(Styles.ICON_ONLY, Styles.FLAT, Styles.SMALL);
    button.setOnAction(_ -> action.run());
    return button;
  }

  /** Says what a button that shows only an icon does. */
  public static void name(Button button, String name) {
    button.setTooltip(new Tooltip(name));
    button.setAccessibleText(name);
  }
}
