//! Glue between the engine and Node.js: moves bytes across and answers promises. `native-engine.ts` is its only
//! caller and holds every rule of what may be passed.

pub mod doorway;

use gridpact_engine::{
    EngineError, EngineOptions, FileDisk, Hash, LINES_HEADER_BYTES, Reply, Service,
    library_verifier,
};
use napi::bindgen_prelude::{Buffer, Object};
use napi::{Env, Error, JsError, Result};
use napi_derive::napi;

/// One engine with its own thread. Promises resolve with packed bytes and reject with an error whose `code` is
/// stable.
#[napi]
pub struct EngineHandle {
    service: Service,
    verifier: &'static str,
}

#[napi]
impl EngineHandle {
    /// Judges and logs a packed batch of `envelopes` envelopes.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn submit<'env>(
        &self,
        env: &'env Env,
        packed: &[u8],
        envelopes: u32,
        received_at_unix_ms: i64,
    ) -> Result<Object<'env>> {
        let received_at_unix_ms = received_at_unix_ms.unsigned_abs();
        promise(env, |reply| {
            self.service
                .submit(packed, received_at_unix_ms, envelopes as usize, reply);
        })
    }

    /// Whether a batch may be submitted.
    #[napi]
    #[must_use]
    pub fn can_accept_work(&self) -> bool {
        self.service.can_accept_work()
    }

    /// Adds a device or replaces its key.
    ///
    /// # Errors
    /// When the key has not 32 bytes.
    #[napi]
    pub fn enrol(&self, env: Env, device_id: String, key: &[u8], feeder: String) -> Result<()> {
        let key = key
            .as_ref()
            .try_into()
            .map_err(|_| to_napi(env, &EngineError::Misuse("a key has 32 bytes")))?;
        self.service.enrol(device_id, key, feeder);
        Ok(())
    }

    /// Rejects the device's envelopes from now on.
    #[napi]
    pub fn revoke(&self, device_id: String) {
        self.service.revoke(device_id);
    }

    /// Durable records from `from_seq` on.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn read_log<'env>(
        &self,
        env: &'env Env,
        from_seq: i64,
        records_max: u32,
    ) -> Result<Object<'env>> {
        promise(env, |reply| {
            self.service
                .read_log(from_seq.unsigned_abs(), records_max as usize, reply);
        })
    }

    /// Leaf hashes of the accepted envelopes among the durable records from `from_seq` on.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn leaf_hashes<'env>(
        &self,
        env: &'env Env,
        from_seq: i64,
        records_max: u32,
    ) -> Result<Object<'env>> {
        promise(env, |reply| {
            self.service
                .leaf_hashes(from_seq.unsigned_abs(), records_max as usize, reply);
        })
    }

    /// Accepted readings of the durable records from `from_seq` on.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn readings<'env>(
        &self,
        env: &'env Env,
        from_seq: i64,
        records_max: u32,
    ) -> Result<Object<'env>> {
        promise(env, |reply| {
            self.service
                .readings(from_seq.unsigned_abs(), records_max as usize, reply);
        })
    }

    /// Readings of whole envelopes from `from_seq` on as lines for `InfluxDB`, as many as have room in `into`, which is
    /// the engine's until the promise is settled. It is the caller's memory since V8 collects all of its heap the more
    /// often, the more memory beside it is new.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn lines<'env>(
        &self,
        env: &'env Env,
        from_seq: i64,
        mut into: Buffer,
    ) -> Result<Object<'env>> {
        let (bytes_max, from_seq) = (into.len(), from_seq.unsigned_abs());
        let take = move |packed: Vec<u8>| {
            let (header, lines) = packed.split_at(LINES_HEADER_BYTES);
            into[..lines.len()].copy_from_slice(lines);
            header.to_vec()
        };
        taken_promise(env, take, |reply| {
            self.service.lines(from_seq, bytes_max, reply);
        })
    }

    /// Outcome of the durable records from `from_seq` on.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn replay<'env>(
        &self,
        env: &'env Env,
        from_seq: i64,
        records_max: u32,
    ) -> Result<Object<'env>> {
        promise(env, |reply| {
            self.service
                .replay(from_seq.unsigned_abs(), records_max as usize, reply);
        })
    }

    /// The files of the log, oldest first.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn segments<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        promise(env, |reply| self.service.segments(reply))
    }

    /// Retires closed segments that end at or before a record.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn retire<'env>(&self, env: &'env Env, before_seq: i64) -> Result<Object<'env>> {
        promise(env, |reply| {
            self.service.retire(before_seq.unsigned_abs(), reply);
        })
    }

    /// How signatures are verified: `ifma`, `avx2` or `portable`.
    #[napi]
    #[must_use]
    pub fn verifier(&self) -> String {
        self.verifier.to_owned()
    }

    /// What the engine has done and has before it.
    #[napi]
    #[must_use]
    pub fn counters(&self) -> CounterValues {
        let counters = self.service.counters();
        let engine = counters.engine;
        let signatures = engine.signatures;
        CounterValues {
            queued_envelopes: counters.queued_envelopes.cast_signed(),
            committed_groups: counters.committed_groups.cast_signed(),
            verified_together: signatures.together.cast_signed(),
            verified_alone: signatures.alone.cast_signed(),
            over_budget: signatures.over_budget.cast_signed(),
            log_segments: engine.log_segments.cast_signed() as i64,
            log_bytes: engine.log_bytes.cast_signed(),
            spare_states: engine.spare_states.cast_signed() as i64,
            group_memory_bytes: engine.group_memory_bytes.cast_signed() as i64,
        }
    }

    /// Devices under quarantine, sorted.
    #[napi]
    #[must_use]
    pub fn quarantined(&self) -> Vec<String> {
        self.service.quarantined()
    }

    /// Ends the engine after what was submitted before.
    ///
    /// # Errors
    /// When Node has no promise to give.
    #[napi(ts_return_type = "Promise<Buffer>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Object<'env>> {
        promise(env, |reply| self.service.close(reply))
    }
}

/// See `EngineCounters` of the TypeScript interface.
#[napi(object)]
pub struct CounterValues {
    /// Submitted and not answered.
    pub queued_envelopes: i64,
    /// Groups that were made durable.
    pub committed_groups: i64,
    /// Signatures verified in batches.
    pub verified_together: i64,
    /// Signatures verified one by one.
    pub verified_alone: i64,
    /// Signatures left for the second batch of their group.
    pub over_budget: i64,
    /// Files of the log.
    pub log_segments: i64,
    /// Durable bytes of the log.
    pub log_bytes: i64,
    /// Device states kept as memory for later groups.
    pub spare_states: i64,
    /// Memory kept for the next group.
    pub group_memory_bytes: i64,
}

/// What the host decides; see `NativeEngineOptions` of the TypeScript interface.
#[napi(object)]
pub struct OpenOptions {
    /// Directory of the log.
    pub directory: String,
    /// Length of a market time unit, ms.
    pub mtu_ms: u32,
    /// A segment of the log is closed beyond this size.
    pub segment_bytes_max: i64,
    /// Where retired segments go; without one they are removed for good.
    pub archive_directory: Option<String>,
}

/// Starts an engine on a directory and resolves with its handle once its log is open.
///
/// # Errors
/// When Node has no promise or the operating system no thread to give.
#[napi(ts_return_type = "Promise<EngineHandle>")]
pub fn open_engine(env: &Env, given: OpenOptions) -> Result<Object<'_>> {
    let options = EngineOptions {
        mtu_ms: given.mtu_ms.into(),
        segment_bytes_max: given.segment_bytes_max.unsigned_abs(),
    };
    let (deferred, promise) = env.create_deferred::<EngineHandle, Resolver<EngineHandle>>()?;
    let (handed_over, handle) = std::sync::mpsc::channel();
    let opened = Reply::new(move |result| {
        deferred.resolve(Box::new(move |env| {
            result.map_err(|failure| to_napi(env, &failure))?;
            handle
                .recv()
                .map_err(|_| to_napi(env, &EngineError::Closed))
        }));
    });
    let signatures = library_verifier();
    let verifier = signatures.name();
    let (log, archive) = (
        FileDisk::new(given.directory),
        given.archive_directory.map(FileDisk::new),
    );
    let started = Service::start(log, archive, options, signatures, opened);
    let service = started.map_err(|failure| to_napi(*env, &failure))?;
    // The receiver is gone only when opening has failed already, and then the handle is of no use.
    let _ = handed_over.send(EngineHandle { service, verifier });
    Ok(promise)
}

/// Whether this CPU can run a library that was compiled for the named instruction sets.
#[napi]
#[must_use]
pub fn cpu_offers(instruction_sets: Vec<String>) -> bool {
    gridpact_engine::cpu_offers(instruction_sets)
}

/// One verdict byte for each signature, 1 for valid; see the engine's `verify_packed` for the packing.
///
/// # Errors
/// When they are not packed so.
#[napi]
pub fn verify_signatures(env: Env, packed: &[u8]) -> Result<Buffer> {
    let verdicts = gridpact_engine::verify_packed(packed, library_verifier().as_mut());
    let misuse = EngineError::Misuse("signatures are not packed as they should be");
    verdicts
        .map(Buffer::from)
        .ok_or_else(|| to_napi(env, &misuse))
}

/// RFC 6962 root over leaf hashes of 32 bytes each, one after another.
#[napi]
#[must_use]
pub fn merkle_root(leaf_hashes: &[u8]) -> Buffer {
    gridpact_engine::merkle_root(&split_hashes(leaf_hashes))
        .to_vec()
        .into()
}

/// Sibling hashes from a leaf up to the root, one after another; empty when there is no such leaf.
#[napi]
#[must_use]
pub fn inclusion_path(leaf_hashes: &[u8], index: u32) -> Buffer {
    let path = gridpact_engine::inclusion_path(&split_hashes(leaf_hashes), index as usize);
    path.unwrap_or_default().concat().into()
}

type Resolver<T> = Box<dyn FnOnce(Env) -> Result<T>>;

/// A promise that the reply given to `ask` settles, from whatever thread.
fn promise(env: &Env, ask: impl FnOnce(Reply)) -> Result<Object<'_>> {
    taken_promise(env, |answer| answer, ask)
}

/// As [`promise`]; `take` makes of the answer, on Node's thread, what the promise is resolved with.
fn taken_promise(
    env: &Env,
    take: impl FnOnce(Vec<u8>) -> Vec<u8> + Send + 'static,
    ask: impl FnOnce(Reply),
) -> Result<Object<'_>> {
    let (deferred, promise) = env.create_deferred::<Buffer, Resolver<Buffer>>()?;
    ask(Reply::new(move |result| {
        deferred.resolve(Box::new(move |env| {
            result
                .map(|answer| Buffer::from(take(answer)))
                .map_err(|failure| to_napi(env, &failure))
        }));
    }));
    Ok(promise)
}

/// The one way of a failure into JavaScript: an `Error` with the engine's stable code.
fn to_napi(env: Env, failure: &EngineError) -> Error {
    let coded = Error::new(failure.code().to_owned(), failure.to_string());
    Error::from(JsError::from(coded).into_unknown(env))
}

fn split_hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.as_chunks().0.to_vec()
}
