package dev.latchkey.kit;

import org.kordamp.ikonli.Ikon;

/**
 * Something of a screen that was searched for by name from elsewhere.
 *
 * @param detail what tells it from others of that name
 * @param open shows it on its screen, which is in view by then
 */
public record Found(Ikon icon, String name, String detail, Runnable open) {}
