//! Where readings come from: files, replay, the simulator.
