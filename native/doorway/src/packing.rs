//! What crosses to the host and back: `kind u8, id u32, length u32, body`, one after another, little-endian.
//! `native/src/doorway-packing.ts` is the other side.

/// Bytes before a body.
const HEADER_BYTES: usize = 9;

/// How a connection that the host knows has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// By the device, whatever it did, or the network.
    Peer = 0,
    /// Because the device did not read what was written to it.
    Unread = 1,
}

#[derive(Clone, Copy)]
enum EventKind {
    Opened = 1,
    Data = 2,
    Clogged = 3,
    Drained = 4,
    Closed = 5,
    Refused = 6,
    Stopped = 7,
}

/// Events in the order in which they happened.
#[derive(Debug, Default)]
pub struct Events {
    bytes: Vec<u8>,
}

impl Events {
    /// A connection has come through its handshake, with this certificate (DER).
    pub fn opened(&mut self, id: usize, certificate: &[u8]) {
        self.push(EventKind::Opened, id, certificate);
    }

    /// The connection's next bytes are what `write` adds; nothing is told when it adds nothing.
    pub fn data<R>(&mut self, id: usize, write: impl FnOnce(&mut Vec<u8>) -> R) -> R {
        let start = self.bytes.len();
        self.push(EventKind::Data, id, &[]);
        let result = write(&mut self.bytes);
        let body_bytes = self.bytes.len() - start - HEADER_BYTES;
        if body_bytes == 0 {
            self.bytes.truncate(start);
        } else {
            self.bytes[start + 5..start + HEADER_BYTES].copy_from_slice(&packed_u32(body_bytes));
        }
        result
    }

    /// Bytes written to the connection wait, as the device does not read.
    pub fn clogged(&mut self, id: usize) {
        self.push(EventKind::Clogged, id, &[]);
    }

    /// They have all gone.
    pub fn drained(&mut self, id: usize) {
        self.push(EventKind::Drained, id, &[]);
    }

    /// The connection is over; its id stays taken until the host closes it.
    pub fn closed(&mut self, id: usize, ending: Ending) {
        self.push(EventKind::Closed, id, &[ending as u8]);
    }

    /// So many connections were turned away before they were open.
    pub fn refused(&mut self, count: usize) {
        self.push(EventKind::Refused, count, &[]);
    }

    /// The port is free, and nothing follows.
    pub fn stopped(&mut self) {
        self.push(EventKind::Stopped, 0, &[]);
    }

    /// Packed so far.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets them and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
    }

    fn push(&mut self, kind: EventKind, id: usize, body: &[u8]) {
        self.bytes.push(kind as u8);
        self.bytes.extend_from_slice(&packed_u32(id));
        self.bytes.extend_from_slice(&packed_u32(body.len()));
        self.bytes.extend_from_slice(body);
    }
}

/// Ids are places in a table and lengths are within bounds, both far below 2^32.
fn packed_u32(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

/// What the host wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command<'a> {
    /// Send these bytes.
    Write(usize, &'a [u8]),
    /// Read no more.
    Pause(usize),
    /// Read.
    Resume(usize),
    /// End the connection; its id may be used again.
    Close(usize),
    /// Time has come to this, ms since 1970: turn away who has run out of it.
    Sweep(u64),
}

/// Unpacks commands; `None` where they are not packed so, which ends them.
pub fn commands(mut packed: &[u8]) -> impl Iterator<Item = Option<Command<'_>>> {
    std::iter::from_fn(move || {
        if packed.is_empty() {
            return None;
        }
        let parsed = next_command(packed);
        packed = parsed.map_or(&[], |(_, rest)| rest);
        Some(parsed.map(|(command, _)| command))
    })
}

fn next_command(packed: &[u8]) -> Option<(Command<'_>, &[u8])> {
    let (header, rest) = packed.split_first_chunk::<HEADER_BYTES>()?;
    let [kind, a, b, c, d, length @ ..] = *header;
    let id = u32::from_le_bytes([a, b, c, d]) as usize;
    let (body, rest) = rest.split_at_checked(u32::from_le_bytes(length) as usize)?;
    let command = match (kind, body) {
        (1, bytes) => Command::Write(id, bytes),
        (2, []) => Command::Pause(id),
        (3, []) => Command::Resume(id),
        (4, []) => Command::Close(id),
        (5, bytes) => Command::Sweep(u64::from_le_bytes(bytes.try_into().ok()?)),
        _ => return None,
    };
    Some((command, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packed(kind: u8, id: u32, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&[kind][..], &id.to_le_bytes(), &length, body].concat()
    }

    #[test]
    fn unpacks_commands_in_order() {
        let sweep = 1_700_000_000_000_u64;
        let bytes = [
            packed(1, 3, b"abc"),
            packed(2, 4, &[]),
            packed(3, 5, &[]),
            packed(4, 6, &[]),
            packed(5, 0, &sweep.to_le_bytes()),
        ];
        let expected = [
            Command::Write(3, b"abc"),
            Command::Pause(4),
            Command::Resume(5),
            Command::Close(6),
            Command::Sweep(sweep),
        ];
        let bytes = bytes.concat();
        let unpacked: Option<Vec<_>> = commands(&bytes).collect();
        assert_eq!(unpacked.as_deref(), Some(&expected[..]));
    }

    #[test]
    fn tells_of_data_only_where_there_is_some() {
        let mut events = Events::default();
        events.data(1, |_| ());
        assert!(events.bytes().is_empty());
        events.data(1, |plaintext| plaintext.extend_from_slice(b"ab"));
        assert_eq!(events.bytes(), packed(2, 1, b"ab"));
    }

    proptest! {
        #[test]
        fn what_is_no_command_ends_the_commands(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let unpacked: Vec<_> = commands(&bytes).collect();
            let wrong = unpacked.iter().position(Option::is_none);
            prop_assert!(wrong.is_none_or(|at| at + 1 == unpacked.len()));
        }
    }
}
