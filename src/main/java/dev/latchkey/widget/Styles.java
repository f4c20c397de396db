package dev.latchkey.widget;

import javafx.css.Styleable;

/** The style classes of our stylesheet, so that a misspelt one does not compile. */
public final class Styles {
  public static final String PAGE_TITLE = "lk-page-title";
  public static final String CARD_TITLE = "lk-card-title";
  public static final String STRONG = "lk-strong";
  public static final String DENSE = "lk-dense";
  public static final String DENSE_STRONG = "lk-dense-strong";
  public static final String SMALL_TEXT = "lk-small";
  public static final String SMALL_STRONG = "lk-small-strong";
  public static final String TINY_TEXT = "lk-tiny";
  public static final String MONO = "lk-mono";
  public static final String MONO_SMALL = "lk-mono-small";
  public static final String MUTED = "lk-muted";
  public static final String SUBTLE = "lk-subtle";
  public static final String STRUCK = "lk-struck";
  public static final String OFF = "lk-off";

  /** The one filled button of a view. */
  public static final String ACCENT = "accent";

  /** A filled red button: only for applying something to production. */
  public static final String DANGER = "danger";

  /** A default button with red text: destructive, but not yet confirmed. */
  public static final String DANGER_TEXT = "lk-danger-text";

  public static final String FLAT = "flat";
  public static final String ICON_ONLY = "button-icon";

  /** Controls of 28 pixels, in toolbars. */
  public static final String SMALL = "small";

  /** Buttons of 24 pixels, in cards. */
  public static final String IN_CARD = "lk-in-card";

  public static final String INVALID = "lk-invalid";
  public static final String FIELD_LABEL = "lk-field-label";
  public static final String HINT = "lk-hint";
  public static final String COUNT = "lk-count";
  public static final String KEY_CAP = "lk-key-cap";

  public static final String RIGHT = "lk-right";
  public static final String CELL_TITLE = "lk-cell-title";
  public static final String CELL_DETAIL = "lk-cell-detail";

  public static final String PAGE = "lk-page";
  public static final String TOOLBAR = "lk-toolbar";
  public static final String TOOLBAR_LINE = "lk-toolbar-line";
  public static final String DRAWER = "lk-drawer";
  public static final String CARD = "lk-card";
  public static final String CARD_HEAD = "lk-card-head";
  public static final String TABS = "lk-tabs";
  public static final String PLAIN_SCROLL = "lk-plain-scroll";

  private Styles() {}

  /** Gives {@code node} the style class, or takes it away. */
  public static void toggle(Styleable node, String styleClass, boolean on) {
    if (node.getStyleClass().contains(styleClass) != on) {
      if (on) {
        node.getStyleClass().add(styleClass);
      } else {
        node.getStyleClass().remove(styleClass);
      }
    }
  }
}
