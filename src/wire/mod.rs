//! Messages between daemon and clients: framing, versions, size caps.
