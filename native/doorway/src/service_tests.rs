use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, channel};

use rustls::{ClientConnection, StreamOwned};

use super::*;
use crate::limits::{READ_BYTES_A_TURN, WAITING_BYTES_MAX};
use crate::test_credentials::TestAuthority;

type Client = StreamOwned<ClientConnection, TcpStream>;

struct Opened {
    doorway: Doorway,
    authority: TestAuthority,
    told: Receiver<()>,
}

fn opened(connections_max: usize) -> Opened {
    let authority = TestAuthority::new();
    let options = DoorwayOptions {
        host: "127.0.0.1".to_owned(),
        port: 0,
        connections_max,
        now_unix_ms: 0,
    };
    let (tell, told) = channel();
    // The test may be over when the last event comes.
    let notify = Box::new(move || tell.send(()).unwrap_or_default());
    let doorway = Doorway::open(&options, &authority.credentials(), notify).unwrap();
    Opened {
        doorway,
        authority,
        told,
    }
}

impl Opened {
    fn connect(&self) -> Client {
        let tls = self.authority.client(Some(&self.authority));
        let stream = TcpStream::connect(("127.0.0.1", self.doorway.port())).unwrap();
        let mut client = StreamOwned::new(tls, stream);
        client.conn.complete_io(&mut client.sock).unwrap();
        client
    }

    /// Waits for events; kind, id and body length of each.
    fn events(&self) -> Vec<(u8, u32, usize)> {
        self.told.recv().unwrap();
        let mut room = vec![0; 4 * WAITING_BYTES_MAX];
        let taken = self.doorway.take_events(&mut room);
        let mut packed = &room[..taken];
        let mut events = Vec::new();
        while let Some((header, rest)) = packed.split_first_chunk::<9>() {
            let length = u32::from_le_bytes(header[5..].try_into().unwrap()) as usize;
            let id = u32::from_le_bytes(header[1..5].try_into().unwrap());
            events.push((header[0], id, length));
            packed = &rest[length..];
        }
        events
    }

    fn command(&self, kind: u8, id: u32) {
        let packed = [&[kind][..], &id.to_le_bytes(), &[0; 4]].concat();
        self.doorway.command(&packed);
    }
}

const RESUME: u8 = 3;
const CLOSE: u8 = 4;

#[test]
fn reads_no_more_than_the_bound_until_events_are_taken() {
    let opened = opened(10);
    let mut client = opened.connect();
    assert_eq!(opened.events()[0].0, 1);
    opened.command(RESUME, 0);
    client.sock.set_nonblocking(true).unwrap();
    // Sends until the bound is reached, and then until nothing goes any more.
    let (mut sent, mut refusals) = (0, 0);
    while opened.doorway.counts().waiting_bytes < WAITING_BYTES_MAX || refusals < 1_000 {
        match client.write(&[1; 16_384]) {
            Ok(bytes) => (sent, refusals) = (sent + bytes, 0),
            Err(error) if error.kind() == ErrorKind::WouldBlock => refusals += 1,
            Err(error) => panic!("{error}"),
        }
        thread::yield_now();
    }
    let waiting_bytes = opened.doorway.counts().waiting_bytes;
    assert!(waiting_bytes < WAITING_BYTES_MAX + 2 * READ_BYTES_A_TURN);
    let too_little = &mut [0; 1_000];
    assert_eq!(opened.doorway.take_events(too_little), waiting_bytes);
    let taken = || opened.events().iter().map(|event| event.2).sum::<usize>();
    let mut received = taken();
    while received < sent {
        // A write that waits would wait for ever: the kernel wants much of its buffer free, which takes more takings.
        if let Err(error) = client.flush() {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
        }
        received += taken();
    }
    assert_eq!(received, sent);
}

#[test]
fn takes_in_the_next_one_when_one_of_the_most_goes() {
    let opened = opened(1);
    let _first = opened.connect();
    assert_eq!(opened.events()[0].0, 1);
    let tls = opened.authority.client(Some(&opened.authority));
    let stream = TcpStream::connect(("127.0.0.1", opened.doorway.port())).unwrap();
    let mut second = StreamOwned::new(tls, stream);
    second.conn.write_tls(&mut second.sock).unwrap();
    opened.command(CLOSE, 0);
    second.conn.complete_io(&mut second.sock).unwrap();
    assert_eq!(opened.events()[0].0, 1);
}

#[test]
fn stops_and_frees_the_port() {
    let opened = opened(10);
    let mut client = opened.connect();
    assert_eq!(opened.events()[0].0, 1);
    opened.doorway.stop();
    assert_eq!(opened.events().last().unwrap().0, 7);
    std::net::TcpListener::bind(("127.0.0.1", opened.doorway.port())).unwrap();
    assert!(client.read(&mut [0; 10]).is_err());
}

#[test]
fn says_what_it_cannot_have() {
    let opened = opened(10);
    let taken = DoorwayOptions {
        host: "127.0.0.1".to_owned(),
        port: opened.doorway.port(),
        connections_max: 1,
        now_unix_ms: 0,
    };
    let credentials = opened.authority.credentials();
    let code = |options: &DoorwayOptions, credentials: &Credentials| {
        Doorway::open(options, credentials, Box::new(|| ()))
            .err()
            .map(|error| error.code())
    };
    assert_eq!(code(&taken, &credentials), Some("EADDRINUSE"));
    for (key_pem, ca_pem) in [("", &credentials.ca_pem[..]), (&credentials.key_pem, "")] {
        let unusable = Credentials {
            key_pem: key_pem.to_owned(),
            ca_pem: ca_pem.to_owned(),
            ..credentials.clone()
        };
        assert_eq!(code(&taken, &unusable), Some("DOORWAY_CREDENTIALS"));
    }
}
