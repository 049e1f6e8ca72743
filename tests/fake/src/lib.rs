//! A fake Marketo over real HTTP, on loopback.
