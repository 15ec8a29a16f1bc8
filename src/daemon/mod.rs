//! The process that owns a site: lock, clock, socket, sessions, rights.
