package dev.latchkey.desktop;

import dev.latchkey.widget.Icons;
import java.util.List;
import org.kordamp.ikonli.Ikon;

/** Where one can go in the window. */
public enum Place {
  CONNECT("Connect", Icons.CONNECT),
  OVERVIEW("Overview", Icons.OVERVIEW),
  KEYS("Keys", Icons.KEYS),
  USAGE("Usage", Icons.USAGE),
  ACCESS("Temporary access", Icons.ACCESS),
  AUDIT("Audit", Icons.AUDIT),
  PREFERENCES("Preferences", Icons.PREFERENCES);

  /** Those that need a connection, in the order of the navigation and of Ctrl 1 to 5. */
  public static final List<Place> WORK = List.of(OVERVIEW, KEYS, USAGE, ACCESS, AUDIT);

  private final String label;
  private final Ikon icon;

  Place(String label, Ikon icon) {
    this.label = label;
    this.icon = icon;
  }

  public String label() {
    return label;
  }

  public Ikon icon() {
    return icon;
  }
}
