//! Where choices come from: bytes, so that whoever has random bytes has random documents, and fewer or smaller bytes make smaller ones.

/// Choices drawn from bytes, front to back. Past their end every choice is the first one, which everywhere is the simplest.
#[derive(Clone, Debug)]
pub struct Source<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl<'b> Source<'b> {
    /// Choices drawn from `bytes`.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: bytes.iter() }
    }

    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    /// Any number.
    pub fn number(&mut self) -> u64 {
        u64::from_be_bytes(std::array::from_fn(|_| self.byte()))
    }

    /// A number less than `limit`, which is at most 256; 0 where that is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        usize::from(self.byte()).checked_rem(limit).unwrap_or(0)
    }

    /// Yes in one of `many` cases.
    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == many - 1
    }

    /// One of `items`; of the first 256, where there are more.
    ///
    /// # Panics
    ///
    /// Where there is none.
    pub fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len().min(256))]
    }
}
