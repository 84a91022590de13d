//! The golden vectors of `proto/vectors`, which the TypeScript tests read too.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::envelope::{Hash, Reading, decode_envelope, envelope_hash, leaf_hash};
use crate::merkle::{inclusion_path, merkle_root};
use crate::signature::{PreparedKey, SignedMessage, library_verifier};
use crate::wal::{Entry, Group};

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../proto/vectors")
        .join(name);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("vectors of the known form")
}

fn bytes(hex: &str) -> Vec<u8> {
    assert!(hex.len().is_multiple_of(2), "hex digits come in pairs");
    let digits = (0..hex.len()).step_by(2);
    digits
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex digits"))
        .collect()
}

fn array<const N: usize>(hex: &str) -> [u8; N] {
    bytes(hex)
        .try_into()
        .expect("as many bytes as the vector's form says")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EnvelopeVector {
    name: String,
    device_id: String,
    boot_epoch: u32,
    first_seq: String,
    readings: Vec<ReadingVector>,
    payload_hex: String,
    leaf_hash_hex: String,
    envelope_hash_hex: String,
    signed_envelope_hex: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadingVector {
    measured_at_unix_ms: String,
    power_w: String,
    import_wh: String,
    export_wh: String,
}

impl From<&ReadingVector> for Reading {
    fn from(vector: &ReadingVector) -> Self {
        Self {
            measured_at_unix_ms: vector.measured_at_unix_ms.parse().expect("a number"),
            power_w: vector.power_w.parse().expect("a number"),
            import_wh: vector.import_wh.parse().expect("a number"),
            export_wh: vector.export_wh.parse().expect("a number"),
        }
    }
}

#[test]
fn envelopes_decode_and_hash_as_the_vectors_say() {
    for vector in read::<Vec<EnvelopeVector>>("envelopes.json") {
        let received = bytes(&vector.signed_envelope_hex);
        let mut arena = Vec::new();
        let envelope = decode_envelope(&received, &mut arena).expect("a well-formed envelope");
        assert_eq!(
            envelope.payload,
            bytes(&vector.payload_hex),
            "{}",
            vector.name
        );
        assert_eq!(envelope.device_id, vector.device_id);
        assert_eq!(envelope.boot_epoch, vector.boot_epoch);
        assert_eq!(envelope.first_seq.to_string(), vector.first_seq);
        assert_eq!(
            arena,
            vector
                .readings
                .iter()
                .map(Reading::from)
                .collect::<Vec<_>>(),
            "{}",
            vector.name
        );
        assert_eq!(
            envelope_hash(envelope.payload),
            array(&vector.envelope_hash_hex)
        );
        assert_eq!(
            leaf_hash(envelope.signature, envelope.payload),
            array(&vector.leaf_hash_hex)
        );
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignatureVector {
    name: String,
    public_key_hex: String,
    message_hex: String,
    signature_hex: String,
    is_valid_zip215: bool,
}

#[test]
fn signatures_have_the_verdicts_of_the_vectors_one_by_one_and_in_batches() {
    let vectors: Vec<SignatureVector> = read("signatures.json");
    let parsed: Vec<_> = vectors
        .iter()
        .map(|v| {
            (
                PreparedKey::new(array(&v.public_key_hex)),
                bytes(&v.message_hex),
                array::<64>(&v.signature_hex),
            )
        })
        .collect();
    let messages: Vec<_> = parsed
        .iter()
        .map(|(key, message, signature)| SignedMessage {
            key,
            message: [&[], message],
            signature,
        })
        .collect();
    let mut verifier = library_verifier();
    for (vector, message) in vectors.iter().zip(&messages) {
        assert_eq!(
            verifier.verify_one(message),
            vector.is_valid_zip215,
            "{}",
            vector.name
        );
    }
    let (valid, mixed) = (select(&vectors, &messages, true), messages);
    for (batch, expected) in [(valid, None), (mixed, Some(vectors))] {
        let mut verdicts = Vec::new();
        verifier.verify_each(&batch, &mut verdicts);
        let expected = expected.map_or(vec![true; batch.len()], |vectors| {
            vectors
                .iter()
                .map(|vector| vector.is_valid_zip215)
                .collect()
        });
        assert_eq!(verdicts, expected);
    }
}

fn select<'a>(
    vectors: &[SignatureVector],
    messages: &[SignedMessage<'a>],
    is_valid: bool,
) -> Vec<SignedMessage<'a>> {
    let pairs = vectors.iter().zip(messages);
    pairs
        .filter(|(vector, _)| vector.is_valid_zip215 == is_valid)
        .map(|(_, message)| *message)
        .collect()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MerkleVectors {
    leaf_hashes_hex: Vec<String>,
    trees: Vec<TreeVector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TreeVector {
    size: usize,
    root_hex: String,
    paths_hex: Vec<Vec<String>>,
}

#[test]
fn trees_have_the_roots_and_paths_of_the_vectors() {
    let vectors: MerkleVectors = read("merkle.json");
    let leaves: Vec<Hash> = vectors
        .leaf_hashes_hex
        .iter()
        .map(|hex| array(hex))
        .collect();
    for tree in vectors.trees {
        assert_eq!(
            merkle_root(&leaves[..tree.size]),
            array(&tree.root_hex),
            "root of {}",
            tree.size
        );
        for (index, path) in tree.paths_hex.iter().enumerate() {
            let expected: Vec<Hash> = path.iter().map(|hex| array(hex)).collect();
            assert_eq!(
                inclusion_path(&leaves[..tree.size], index),
                Some(expected),
                "leaf {index} of {}",
                tree.size
            );
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecordVector {
    group_first_seq: u64,
    verdict: u8,
    received_at_unix_ms: u64,
    device_id: String,
    bytes_hex: String,
    record_hex: String,
}

#[test]
fn records_have_the_bytes_of_the_vectors() {
    let vectors: Vec<RecordVector> = read("wal.json");
    for own_group in vectors.chunk_by(|left, right| left.group_first_seq == right.group_first_seq) {
        let mut group = Group::new(own_group[0].group_first_seq, Vec::new());
        for vector in own_group {
            let sent = bytes(&vector.bytes_hex);
            let RecordVector {
                verdict,
                received_at_unix_ms,
                device_id,
                ..
            } = vector;
            let (verdict, received_at_unix_ms) = (*verdict, *received_at_unix_ms);
            group.push(&Entry {
                verdict,
                received_at_unix_ms,
                device_id,
                bytes: &sent,
            });
        }
        let expected: String = own_group
            .iter()
            .map(|vector| vector.record_hex.as_str())
            .collect();
        assert_eq!(group.bytes(), bytes(&expected));
    }
}
