package dev.latchkey.desktop;

/** What an operator may choose about the window. */
public record Preferences(ThemeChoice theme, ZoneChoice zone) {
  public static final Preferences STANDARD = new Preferences(ThemeChoice.SYSTEM, ZoneChoice.UTC);

  /** Light or dark, or as the desktop is. */
  public enum ThemeChoice {
    SYSTEM("As the system"),
    LIGHT("Light"),
    DARK("Dark");

    private final String label;

    ThemeChoice(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  /** In which zone times are said. */
  public enum ZoneChoice {
    UTC("UTC"),
    LOCAL("This desktop's zone");

    private final String label;

    ZoneChoice(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }
}
