package dev.latchkey.widget;

import atlantafx.base.theme.PrimerDark;
import atlantafx.base.theme.PrimerLight;
import java.net.URL;
import java.util.List;
import javafx.application.Application;
import javafx.scene.Scene;

/** Light or dark: AtlantaFX's Primer, and on top of it what the design says otherwise. */
public enum Theme {
  LIGHT(new PrimerLight().getUserAgentStylesheet(), "latchkey-light.css"),
  DARK(new PrimerDark().getUserAgentStylesheet(), "latchkey-dark.css");

  private final String base;
  private final String colours;

  Theme(String base, String colours) {
    this.base = base;
    this.colours = colours;
  }

  /**
   * Dresses {@code scene}. Loads the fonts where needed. The base goes to the whole program: menus
   * and tooltips are windows of their own and take theirs from nowhere else.
   */
  public void applyTo(Scene scene) {
    Fonts.load();
    Application.setUserAgentStylesheet(base);
    scene.getStylesheets().setAll(List.of(resource(colours), resource("latchkey.css")));
  }

  private static String resource(String name) {
    URL url = Theme.class.getResource(name);
    if (url == null) {
      throw new IllegalStateException("missing resource " + name);
    }
    return url.toExternalForm();
  }
}
