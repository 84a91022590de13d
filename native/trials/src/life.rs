//! One life of a log: devices that send to an engine on a simulated disk, and what must be in the log.

use std::collections::{HashSet, VecDeque};

use gridpact_engine::{
    Batch, Disk, Engine, EngineError, EngineOptions, OUTCOME_COUNTS_BYTES, SignatureVerifier,
    SignedMessage, Verdict,
};

use super::device_fixture::{DeviceFixture, envelope_of};
use super::random::Random;
use super::simulated_disk::SimulatedDisk;

/// Small, so that a life of a few dozen records goes over several segments.
const SEGMENT_BYTES_MAX: u64 = 900;

const OPTIONS: EngineOptions = EngineOptions {
    mtu_ms: 900_000,
    segment_bytes_max: SEGMENT_BYTES_MAX,
};

const RECEIVED_AT_UNIX_MS: u64 = 1 << 40;

const RECORDS_MAX: usize = 65_536;

const HONEST: [&str; 2] = ["home-1", "home-2"];
const FORGER: &str = "home-3";

/// Takes a signature for good if its first byte is 0: signatures are not what is tried here, and real ones would take
/// nine tenths of the time.
pub struct FirstByte;

impl SignatureVerifier for FirstByte {
    fn name(&self) -> &'static str {
        "first-byte"
    }

    fn verify_each(&mut self, messages: &[SignedMessage<'_>], verdicts: &mut Vec<bool>) {
        verdicts.extend(messages.iter().map(|message| message.signature[0] == 0));
    }
}

/// A record as the log gives it back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Stored {
    pub verdict: u8,
    pub device_id: String,
    pub bytes: Vec<u8>,
}

/// Devices, and what the engine has acknowledged to them.
pub struct Life {
    pub disk: SimulatedDisk,
    /// Where retired segments go.
    pub archive: SimulatedDisk,
    devices: Vec<DeviceFixture>,
    forger: DeviceFixture,
    /// Sent and not acknowledged, in order, for each honest device.
    unacknowledged: Vec<VecDeque<Vec<u8>>>,
    /// Number of the log's first record.
    pub first_seq: u64,
    /// What was in the log before `first_seq`.
    retired: Vec<Stored>,
    /// What was acknowledged or found, from `first_seq` on.
    pub expected: Vec<Stored>,
    /// What was on its way into the log when it stopped: some of it may be there.
    in_flight: Vec<(String, Vec<u8>)>,
    pub acknowledged: u64,
}

/// How the log differs from what must be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Lost,
    StoredTwice,
    NeverSent,
}

impl Life {
    pub fn new() -> Self {
        Self {
            disk: SimulatedDisk::default(),
            archive: SimulatedDisk::default(),
            devices: HONEST.iter().map(|id| DeviceFixture::new(id)).collect(),
            forger: DeviceFixture::new(FORGER),
            unacknowledged: vec![VecDeque::new(); HONEST.len()],
            first_seq: 0,
            retired: Vec::new(),
            expected: Vec::new(),
            in_flight: Vec::new(),
            acknowledged: 0,
        }
    }

    /// A process that starts.
    pub fn open(&self, disk: &SimulatedDisk) -> Result<Engine<SimulatedDisk>, EngineError> {
        let mut engine = Engine::open(disk.clone(), OPTIONS, Box::new(FirstByte))?;
        engine.archive_to(self.archive.clone());
        for device in self.devices.iter().chain([&self.forger]) {
            engine.enrol(&device.id, device.public_key, "feeder-1");
        }
        Ok(engine)
    }

    /// Sends one group; what it is answered becomes what must be in the log.
    pub fn send(
        &mut self,
        engine: &mut Engine<SimulatedDisk>,
        random: &mut Random,
    ) -> Result<(), EngineError> {
        let sent = self.draw_group(random);
        let mut packed = Vec::new();
        for (device_id, bytes) in &sent {
            packed.push(u8::try_from(device_id.len()).unwrap_or(0));
            packed.extend_from_slice(device_id.as_bytes());
            packed.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes());
            packed.extend_from_slice(bytes);
        }
        let batch = Batch {
            packed,
            received_at_unix_ms: RECEIVED_AT_UNIX_MS,
        };
        self.in_flight.clone_from(&sent);
        let outcomes = engine.commit(&[batch]);
        if outcomes.as_ref().is_err_and(EngineError::is_recoverable) {
            self.in_flight.clear();
        }
        let verdicts = outcomes?
            .concat()
            .get(OUTCOME_COUNTS_BYTES..OUTCOME_COUNTS_BYTES + sent.len())
            .map(<[u8]>::to_vec);
        self.in_flight.clear();
        self.acknowledge(sent, &verdicts.unwrap_or_default());
        Ok(())
    }

    /// Compares the log with what must be in it, and takes over what was on its way.
    pub fn check(&mut self, engine: &mut Engine<SimulatedDisk>) -> Result<(), Fault> {
        let stored = records_of(engine, self.first_seq).ok_or(Fault::Lost)?;
        let known = self.expected.len();
        if stored.len() < known || stored[..known] != self.expected {
            return Err(Fault::Lost);
        }
        let on_their_way = self
            .in_flight
            .iter()
            .map(|(id, bytes)| (id.as_str(), bytes.as_slice()));
        let found = stored[known..]
            .iter()
            .map(|record| (record.device_id.as_str(), record.bytes.as_slice()));
        // Duplicates on their way are in the log already and not logged again.
        let mut on_their_way = on_their_way;
        if !found
            .into_iter()
            .all(|record| on_their_way.any(|sent| sent == record))
        {
            return Err(Fault::NeverSent);
        }
        let accepted: Vec<_> = stored.iter().filter(|record| record.verdict == 0).collect();
        let distinct: HashSet<_> = accepted.iter().map(|record| &record.bytes).collect();
        if distinct.len() < accepted.len() {
            return Err(Fault::StoredTwice);
        }
        self.expected = stored;
        self.in_flight.clear();
        Ok(())
    }

    /// Compares the archive with what was retired. It is read as a log that was never closed; copies of segments that
    /// the log still has may be torn and are left aside.
    pub fn check_archive(&self) -> Result<(), Fault> {
        if self.retired.is_empty() {
            return Ok(());
        }
        let archive = self.archive.fork();
        for (name, _) in self.archive.files() {
            if name >= format!("{:020}.log", self.first_seq) {
                archive.remove(&name).map_err(|_| Fault::Lost)?;
            }
        }
        let mut engine = self.open(&archive).map_err(|_| Fault::Lost)?;
        let found = records_of(&mut engine, 0).ok_or(Fault::Lost)?;
        if found == self.retired {
            Ok(())
        } else {
            Err(Fault::Lost)
        }
    }

    /// The records before `seq` went into the archive.
    pub fn forget_before(&mut self, seq: u64) {
        let removed = usize::try_from(seq - self.first_seq).unwrap_or(usize::MAX);
        let removed = removed.min(self.expected.len());
        self.retired.extend(self.expected.drain(..removed));
        self.first_seq = seq;
    }

    /// What was not acknowledged goes first, as from a device's spool; then new envelopes, resends and forgeries.
    fn draw_group(&mut self, random: &mut Random) -> Vec<(String, Vec<u8>)> {
        let mut group = Vec::new();
        for (device, unacknowledged) in self.devices.iter_mut().zip(&mut self.unacknowledged) {
            for _ in 0..random.below(3) {
                let payload = device.payload(1);
                device.last_hash = super::envelope_hash(&payload);
                device.next_seq += 1;
                unacknowledged.push_back(envelope_of(&payload, &[0; 64]));
            }
            let spooled = unacknowledged
                .iter()
                .map(|bytes| (device.id.clone(), bytes.clone()));
            group.extend(spooled);
        }
        if random.once_in(4) {
            let resent = self
                .expected
                .iter()
                .rev()
                .find(|record| record.verdict == 0);
            group.extend(resent.map(|record| (record.device_id.clone(), record.bytes.clone())));
        }
        if random.once_in(8) {
            let payload = self.forger.payload(1);
            group.push((self.forger.id.clone(), envelope_of(&payload, &[1; 64])));
        }
        group
    }

    fn acknowledge(&mut self, sent: Vec<(String, Vec<u8>)>, verdicts: &[u8]) {
        for ((device_id, bytes), &verdict) in sent.into_iter().zip(verdicts) {
            self.acknowledged += 1;
            if let Some(device) = HONEST.iter().position(|id| *id == device_id) {
                self.unacknowledged[device].retain(|unacknowledged| *unacknowledged != bytes);
            }
            if verdict != Verdict::Duplicate.code() {
                self.expected.push(Stored {
                    verdict,
                    device_id,
                    bytes,
                });
            }
        }
    }
}

/// All records of a log, or `None` when it does not start where it should.
pub fn records_of(engine: &mut Engine<SimulatedDisk>, first_seq: u64) -> Option<Vec<Stored>> {
    let packed = engine.read_log(0, RECORDS_MAX).ok()?;
    let mut rest = packed.as_slice();
    let mut stored = Vec::new();
    while !rest.is_empty() {
        let (seq, after) = rest.split_first_chunk::<8>()?;
        if u64::from_le_bytes(*seq) != first_seq + stored.len() as u64 {
            return None;
        }
        let (verdict, after) = after.get(8..)?.split_first()?;
        let (id_length, after) = after.split_first()?;
        let (device_id, after) = after.split_at_checked(usize::from(*id_length))?;
        let (length, after) = after.split_first_chunk::<4>()?;
        let (bytes, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        rest = after;
        stored.push(Stored {
            verdict: *verdict,
            device_id: String::from_utf8_lossy(device_id).into_owned(),
            bytes: bytes.to_vec(),
        });
    }
    Some(stored)
}
