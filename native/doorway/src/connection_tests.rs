use std::io::{self, Read, Write};

use proptest::prelude::*;
use rustls::ClientConnection;

use super::*;
use crate::test_credentials::TestAuthority;
use crate::tls::server_config;

const ID: usize = 7;

/// A device's end of the wire: what it has sent comes in as much at a time as it says, and it takes what it says.
#[derive(Default)]
struct Wire {
    incoming: Vec<u8>,
    outgoing: Vec<u8>,
    room: usize,
    is_hung_up: bool,
}

impl Read for &mut Wire {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.incoming.is_empty() && self.is_hung_up {
            return Ok(0);
        }
        if self.incoming.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        let bytes = self.incoming.len().min(room.len());
        room[..bytes].copy_from_slice(&self.incoming[..bytes]);
        self.incoming.drain(..bytes);
        Ok(bytes)
    }
}

impl Write for &mut Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.room);
        if taken == 0 {
            return Err(ErrorKind::WouldBlock.into());
        }
        self.room -= taken;
        self.outgoing.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Kind, id and body of each event.
fn unpacked(events: &Events) -> Vec<(u8, u32, Vec<u8>)> {
    let mut packed = events.bytes();
    let mut found = Vec::new();
    while let Some((header, rest)) = packed.split_first_chunk::<9>() {
        let length = u32::from_le_bytes(header[5..].try_into().unwrap()) as usize;
        let id = u32::from_le_bytes(header[1..5].try_into().unwrap());
        found.push((header[0], id, rest[..length].to_vec()));
        packed = &rest[length..];
    }
    found
}

fn plaintext(events: &Events) -> Vec<u8> {
    let data = unpacked(events).into_iter().filter(|(kind, ..)| *kind == 2);
    data.flat_map(|(_, _, body)| body).collect()
}

fn kinds(events: &Events) -> Vec<u8> {
    unpacked(events).iter().map(|(kind, ..)| *kind).collect()
}

struct Pair<'a> {
    server: Connection<&'a mut Wire>,
    client: ClientConnection,
    events: Events,
}

impl<'a> Pair<'a> {
    fn begin(wire: &'a mut Wire, authority: &TestAuthority, client: ClientConnection) -> Self {
        wire.room = usize::MAX;
        let config = server_config(&authority.credentials()).unwrap();
        Self {
            server: Connection::begin(wire, config).unwrap(),
            client,
            events: Events::default(),
        }
    }

    fn opened(wire: &'a mut Wire) -> Self {
        let authority = TestAuthority::new();
        let client = authority.client(Some(&authority));
        let mut pair = Self::begin(wire, &authority, client);
        for _ in 0..3 {
            pair.turn().unwrap();
        }
        assert!(pair.server.is_open());
        assert_eq!(kinds(&pair.events), [1]);
        pair.events.clear();
        pair
    }

    /// Carries what the client has for the server, and back.
    fn turn(&mut self) -> Result<Progress, Ending> {
        self.send();
        let result = self.server.read(ID, &mut [0; 4_096], &mut self.events);
        self.receive();
        result
    }

    fn send(&mut self) {
        while self.client.wants_write() {
            self.client
                .write_tls(&mut self.server.stream.incoming)
                .unwrap();
        }
    }

    fn receive(&mut self) -> Vec<u8> {
        let outgoing = std::mem::take(&mut self.server.stream.outgoing);
        let mut rest = &outgoing[..];
        let mut said = Vec::new();
        while !rest.is_empty() {
            self.client.read_tls(&mut rest).unwrap();
            // What the client makes of a refusal is its own matter.
            let _ = self.client.process_new_packets();
            let _ = self.client.reader().read_to_end(&mut said);
        }
        said
    }
}

#[test]
fn opens_with_the_certificate_and_carries_bytes_both_ways() {
    let mut wire = Wire::default();
    let authority = TestAuthority::new();
    let client = authority.client(Some(&authority));
    let mut pair = Pair::begin(&mut wire, &authority, client);
    for _ in 0..2 {
        pair.turn().unwrap();
    }
    let events = unpacked(&pair.events);
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].0, events[0].1), (1, 7));
    assert!(events[0].2.len() > 100);
    pair.client.writer().write_all(b"up").unwrap();
    pair.turn().unwrap();
    assert_eq!(plaintext(&pair.events), b"up");
    pair.server.write(b"down").unwrap();
    pair.server.flush(ID, &mut pair.events).unwrap();
    assert_eq!(pair.receive(), b"down");
}

#[test]
fn what_comes_with_the_last_flight_follows_the_opening() {
    let mut wire = Wire::default();
    let authority = TestAuthority::new();
    let client = authority.client(Some(&authority));
    let mut pair = Pair::begin(&mut wire, &authority, client);
    pair.turn().unwrap();
    pair.client.writer().write_all(b"at once").unwrap();
    pair.turn().unwrap();
    assert_eq!(kinds(&pair.events), [1, 2]);
    assert_eq!(plaintext(&pair.events), b"at once");
}

#[test]
fn lets_nobody_in_without_a_certificate_of_the_authority() {
    let (authority, other) = (TestAuthority::new(), TestAuthority::new());
    for issued_by in [None, Some(&other)] {
        let mut wire = Wire::default();
        let client = authority.client(issued_by);
        let mut pair = Pair::begin(&mut wire, &authority, client);
        pair.turn().unwrap();
        assert_eq!(pair.turn(), Err(Ending::Peer));
        assert!(!pair.server.is_open());
        assert!(unpacked(&pair.events).is_empty());
    }
}

#[test]
fn tells_of_the_end_after_all_that_was_said() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    pair.client.writer().write_all(b"last words").unwrap();
    pair.client.send_close_notify();
    assert_eq!(pair.turn(), Err(Ending::Peer));
    assert_eq!(plaintext(&pair.events), b"last words");
}

#[test]
fn a_line_that_breaks_is_an_end() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    pair.server.stream.is_hung_up = true;
    assert_eq!(pair.turn(), Err(Ending::Peer));
}

#[test]
fn tells_once_that_the_device_does_not_read_and_once_that_it_has() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    pair.server.stream.room = 100;
    for _ in 0..3 {
        pair.server.write(&[1; 1_000]).unwrap();
        pair.server.flush(ID, &mut pair.events).unwrap();
    }
    assert_eq!(kinds(&pair.events), [3]);
    pair.server.stream.room = usize::MAX;
    pair.server.flush(ID, &mut pair.events).unwrap();
    pair.server.flush(ID, &mut pair.events).unwrap();
    assert_eq!(kinds(&pair.events), [3, 4]);
    assert_eq!(pair.receive(), [1; 3_000]);
}

#[test]
fn who_leaves_more_unread_than_the_bound_is_ended() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    pair.server.stream.room = 0;
    let record = [0; 1_024];
    // Each record has 22 bytes beside what it carries.
    let taken = (0..UNSENT_BYTES_MAX)
        .take_while(|_| pair.server.write(&record).is_ok())
        .count();
    assert!((UNSENT_BYTES_MAX / 1_100..=UNSENT_BYTES_MAX / 1_024).contains(&taken));
    assert_eq!(pair.server.write(&record), Err(Ending::Unread));
}

#[test]
fn who_reads_gets_more_than_the_bound_at_once() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    let document = vec![9; 3 * UNSENT_BYTES_MAX];
    pair.server.write(&document).unwrap();
    pair.server.flush(ID, &mut pair.events).unwrap();
    assert!(pair.receive() == document);
    assert!(kinds(&pair.events).is_empty());
}

#[test]
fn says_goodbye() {
    let mut wire = Wire::default();
    let mut pair = Pair::opened(&mut wire);
    pair.server.write(b"refused").unwrap();
    let Pair {
        server, mut client, ..
    } = pair;
    server.close();
    let mut sent = &wire.outgoing[..];
    client.read_tls(&mut sent).unwrap();
    assert!(client.process_new_packets().unwrap().peer_has_closed());
    let mut said = Vec::new();
    client.reader().read_to_end(&mut said).unwrap();
    assert_eq!(said, b"refused");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_records_are_cut_the_plaintext_is_the_same(
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..3_000), 1..8),
        pieces in prop::collection::vec(1_usize..700, 1..40),
    ) {
        let mut wire = Wire::default();
        let mut pair = Pair::opened(&mut wire);
        for message in &messages {
            pair.client.writer().write_all(message).unwrap();
        }
        pair.send();
        let mut sent = std::mem::take(&mut pair.server.stream.incoming);
        for piece in pieces.iter().cycle() {
            if sent.is_empty() {
                break;
            }
            let rest = sent.split_off(sent.len().min(*piece));
            pair.server.stream.incoming = std::mem::replace(&mut sent, rest);
            pair.server.read(ID, &mut [0; 4_096], &mut pair.events).unwrap();
        }
        prop_assert_eq!(plaintext(&pair.events), messages.concat());
    }

    #[test]
    fn a_changed_byte_ends_the_connection_and_says_nothing(
        at in 0_usize..500,
        flipped in 1_u8..=255,
    ) {
        let mut wire = Wire::default();
        let mut pair = Pair::opened(&mut wire);
        pair.client.writer().write_all(&[5; 400]).unwrap();
        pair.send();
        let incoming = &mut pair.server.stream.incoming;
        let at = at % incoming.len();
        incoming[at] ^= flipped;
        pair.server.stream.is_hung_up = true;
        let mut read = || pair.server.read(ID, &mut [0; 4_096], &mut pair.events);
        prop_assert!(read().is_err() || read() == Err(Ending::Peer));
        // The version in a record's header is nobody's to judge. [RFC8446 s.5.1]
        prop_assert!(plaintext(&pair.events).is_empty() || (1..3).contains(&at));
    }

    #[test]
    fn no_bytes_make_it_panic_or_open(garbage in prop::collection::vec(any::<u8>(), 1..2_000)) {
        let mut wire = Wire::default();
        let authority = TestAuthority::new();
        let client = authority.client(Some(&authority));
        let mut pair = Pair::begin(&mut wire, &authority, client);
        pair.server.stream.incoming = [&[0x16, 0x03, 0x01][..], &garbage].concat();
        let _ = pair.server.read(ID, &mut [0; 4_096], &mut pair.events);
        prop_assert!(!pair.server.is_open());
        prop_assert!(pair.events.bytes().is_empty());
    }
}
