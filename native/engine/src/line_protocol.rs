//! `InfluxDB` line protocol of accepted readings.
//!
//! Fields are integers (`i`): its floats would round registers beyond 2^53. The same device at the same millisecond is
//! the same point, so that lines may be written again and change nothing.

use crate::envelope::Reading;

/// `reading,device=<id>,feeder=<feeder> `: made once per device, not once per reading.
pub fn line_start(device_id: &str, feeder: &str) -> Vec<u8> {
    let mut start = format!("reading,device={device_id},feeder=");
    for character in feeder.chars() {
        // Comma, equals sign and space end a tag unless a backslash stands before them.
        if matches!(character, ',' | '=' | ' ') {
            start.push('\\');
        }
        start.push(character);
    }
    start.push(' ');
    start.into_bytes()
}

/// Appends `power_w=<n>i,import_wh=<n>i,export_wh=<n>i <unixMs>` to a line's start.
pub fn push_line(lines: &mut Vec<u8>, start: &[u8], reading: &Reading) {
    let mut digits = itoa::Buffer::new();
    lines.extend_from_slice(start);
    lines.extend_from_slice(b"power_w=");
    lines.extend_from_slice(digits.format(reading.power_w).as_bytes());
    lines.extend_from_slice(b"i,import_wh=");
    lines.extend_from_slice(digits.format(reading.import_wh).as_bytes());
    lines.extend_from_slice(b"i,export_wh=");
    lines.extend_from_slice(digits.format(reading.export_wh).as_bytes());
    lines.extend_from_slice(b"i ");
    lines.extend_from_slice(digits.format(reading.measured_at_unix_ms).as_bytes());
    lines.push(b'\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_one_line_with_escaped_tags() {
        let reading = Reading {
            measured_at_unix_ms: 1_000,
            power_w: -5,
            import_wh: 7,
            export_wh: 9,
        };
        let mut lines = Vec::new();
        push_line(&mut lines, &line_start("home-1", "bus 4,a=b"), &reading);
        let expected = "reading,device=home-1,feeder=bus\\ 4\\,a\\=b power_w=-5i,import_wh=7i,export_wh=9i 1000\n";
        assert_eq!(String::from_utf8(lines).expect("text"), expected);
    }
}
