//! The terminal: event loop, model, update, keymap, theme, panes.
