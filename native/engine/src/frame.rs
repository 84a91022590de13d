//! Bytes that cross between Rust and TypeScript, little-endian; `native-packing.ts` is the other side. One buffer each
//! way for a batch: a call costs 0.3 us, and an object for each reading many times that.

use crate::judge::Received;

/// Takes packed values off the front of a byte string; `None` at its end.
pub struct Unpacker<'a> {
    rest: &'a [u8],
}

impl<'a> Unpacker<'a> {
    pub fn new(packed: &'a [u8]) -> Self {
        Self { rest: packed }
    }

    pub fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// So many bytes, as they are.
    pub fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    pub fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub fn u32(&mut self) -> Option<u32> {
        self.array().map(|bytes| u32::from_le_bytes(*bytes))
    }

    pub fn u64(&mut self) -> Option<u64> {
        self.array().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// One length byte, then text.
    pub fn text(&mut self) -> Option<&'a str> {
        let [length] = *self.array()?;
        std::str::from_utf8(self.bytes(usize::from(length))?).ok()
    }

    /// Four length bytes, then bytes.
    pub fn long_bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.u32()?;
        self.bytes(usize::try_from(length).ok()?)
    }
}

/// Envelopes of a batch, each `deviceId: text, bytes: long`; `None` when they are not packed so.
pub fn unpack_batch(packed: &[u8]) -> Option<Vec<Received<'_>>> {
    let mut unpacker = Unpacker::new(packed);
    let mut batch = Vec::new();
    while !unpacker.is_at_end() {
        batch.push(Received {
            device_id: unpacker.text()?,
            bytes: unpacker.long_bytes()?,
        });
    }
    Some(batch)
}

/// Appends packed values.
pub trait Pack {
    fn pack_u32(&mut self, value: usize);
    /// Eight bytes.
    fn pack_u64(&mut self, value: u64);
    /// One length byte, then text; ids have at most 64 bytes, feeder names 255.
    fn pack_text(&mut self, text: &str);
    /// Four length bytes, then bytes.
    fn pack_long_bytes(&mut self, bytes: &[u8]);
}

impl Pack for Vec<u8> {
    /// A count; all counts of one batch are far below 2^32.
    fn pack_u32(&mut self, value: usize) {
        self.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn pack_u64(&mut self, value: u64) {
        self.extend_from_slice(&value.to_le_bytes());
    }

    fn pack_text(&mut self, text: &str) {
        let bytes = text.as_bytes();
        let length = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
        self.push(length);
        self.extend_from_slice(&bytes[..usize::from(length)]);
    }

    fn pack_long_bytes(&mut self, bytes: &[u8]) {
        self.pack_u32(bytes.len());
        self.extend_from_slice(bytes);
    }
}
