package dev.latchkey.kit;

import dev.latchkey.task.Tasks;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;

/**
 * What the window lends to every screen.
 *
 * @param askForWriteMode turns the operator to the switch in the top bar
 */
public record Desk(
    DialogLayer dialogs,
    TimedClipboard clipboard,
    Times times,
    Tasks tasks,
    Runnable askForWriteMode) {}
