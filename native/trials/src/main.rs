//! `gridpact-trials crashes --n 1000000 --seed 1 --json OUT`, and `fuzz` and `recovery` likewise: prints what it found,
//! and fails when that was not sound.

use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs, process};

use gridpact_trials::{explore_crashes, fuzz_envelopes, fuzz_logs, measure_recovery};

const USAGE: &str = "usage: gridpact-trials crashes|fuzz|recovery [--n N] [--seed N] [--json FILE]";

struct Arguments {
    trial: String,
    count: u64,
    seed: u64,
    json: Option<String>,
}

fn main() -> ExitCode {
    let Some(arguments) = parse(env::args().skip(1)) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let started = Instant::now();
    let Some((report, is_sound)) = run(&arguments) else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let seconds = started.elapsed().as_secs();
    let json = format!(
        "{{{report},\"seed\":{},\"seconds\":{seconds}}}",
        arguments.seed
    );
    println!("{}: {json}", if is_sound { "sound" } else { "NOT SOUND" });
    if let Some(path) = arguments.json
        && let Err(error) = fs::write(&path, format!("{json}\n"))
    {
        eprintln!("{path}: {error}");
        return ExitCode::FAILURE;
    }
    if is_sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The trial's report, as the inside of a JSON object, and whether it was sound.
fn run(arguments: &Arguments) -> Option<(String, bool)> {
    match arguments.trial.as_str() {
        "crashes" => {
            let report = explore_crashes(arguments.count, arguments.seed);
            Some((report.json_fields(), report.is_sound()))
        }
        // Of so many bytes, in a directory that goes afterwards.
        "recovery" => {
            let directory = env::temp_dir().join(format!("gridpact-recovery-{}", process::id()));
            let report = measure_recovery(&directory, arguments.count);
            drop(fs::remove_dir_all(&directory));
            match report {
                Ok(report) => Some((report.json_fields(), true)),
                Err(error) => Some((format!("\"error\":\"{}\"", error.code()), false)),
            }
        }
        "fuzz" => {
            let envelopes = fuzz_envelopes(arguments.count, arguments.seed);
            let logs = fuzz_logs(arguments.count, arguments.seed);
            let fields = [envelopes.json_fields("envelopes"), logs.json_fields("logs")];
            Some((fields.join(","), envelopes.broken + logs.broken == 0))
        }
        _ => None,
    }
}

fn parse(mut given: impl Iterator<Item = String>) -> Option<Arguments> {
    let mut arguments = Arguments {
        trial: given.next()?,
        count: 10_000,
        seed: 1,
        json: None,
    };
    while let Some(option) = given.next() {
        let value = given.next()?;
        match option.as_str() {
            "--n" => arguments.count = value.parse().ok()?,
            "--seed" => arguments.seed = value.parse().ok()?,
            "--json" => arguments.json = Some(value),
            _ => return None,
        }
    }
    Some(arguments)
}
