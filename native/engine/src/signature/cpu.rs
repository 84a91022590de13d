//! Which libraries this CPU can run.

/// Whether the CPU, and the operating system for its registers, offer each of the named instruction sets. A name that
/// is not in the list of the wide library is not offered, so that nothing is ever run on a guess.
#[must_use]
pub fn cpu_offers(instruction_sets: impl IntoIterator<Item = String>) -> bool {
    instruction_sets.into_iter().all(|name| offers(&name))
}

/// By name, as the macro takes literals only.
#[cfg(target_arch = "x86_64")]
fn offers(instruction_set: &str) -> bool {
    match instruction_set {
        "avx2" => is_x86_feature_detected!("avx2"),
        "avx512f" => is_x86_feature_detected!("avx512f"),
        "avx512bw" => is_x86_feature_detected!("avx512bw"),
        "avx512cd" => is_x86_feature_detected!("avx512cd"),
        "avx512dq" => is_x86_feature_detected!("avx512dq"),
        "avx512vl" => is_x86_feature_detected!("avx512vl"),
        "avx512ifma" => is_x86_feature_detected!("avx512ifma"),
        "bmi1" => is_x86_feature_detected!("bmi1"),
        "bmi2" => is_x86_feature_detected!("bmi2"),
        "lzcnt" => is_x86_feature_detected!("lzcnt"),
        _ => false,
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn offers(_instruction_set: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_instruction_set_is_not_offered() {
        assert!(cpu_offers([]));
        assert!(!cpu_offers(["avx1024".to_owned()]));
    }
}
