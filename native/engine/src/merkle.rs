//! Merkle tree of RFC 6962 over leaf hashes. `[RFC6962 s.2.1]`
//!
//! Nothing of a tree is kept: a root is made once for each batch, and a path once for each proof. Both hash all inner
//! nodes, which takes some 6 ms for the 16,384 leaves of a full batch.

use sha2::{Digest, Sha256};

use crate::envelope::Hash;

/// Root over leaf hashes; SHA-256 of nothing when there is none.
#[must_use]
pub fn merkle_root(leaves: &[Hash]) -> Hash {
    if leaves.is_empty() {
        return Sha256::digest([]).into();
    }
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        fold(&mut level);
    }
    level[0]
}

/// Sibling hashes from the leaf at `index` up to the root; `None` when there is no such leaf. `[RFC6962 s.2.1.1]`
#[must_use]
pub fn inclusion_path(leaves: &[Hash], index: usize) -> Option<Vec<Hash>> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let mut level = leaves.to_vec();
    let mut at = index;
    while level.len() > 1 {
        // A last node without sibling moves up unchanged and adds nothing to the path.
        path.extend(level.get(at ^ 1));
        fold(&mut level);
        at /= 2;
    }
    Some(path)
}

/// Replaces a level by the one above it. Pairing level by level gives the same tree as RFC 6962's splitting at the
/// largest power of two.
fn fold(level: &mut Vec<Hash>) {
    for parent in 0..level.len().div_ceil(2) {
        let left = level[2 * parent];
        level[parent] = level
            .get(2 * parent + 1)
            .map_or(left, |right| node_hash(&left, right));
    }
    level.truncate(level.len().div_ceil(2));
}

/// SHA-256(0x01 || left || right). The first byte differs from that of a leaf, so that no inner node can be shown as an
/// envelope.
fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_of_nothing_is_the_hash_of_nothing() {
        let empty: Hash = Sha256::digest([]).into();
        assert_eq!(merkle_root(&[]), empty);
        assert_eq!(inclusion_path(&[], 0), None);
    }

    #[test]
    fn path_leads_from_every_leaf_to_the_root() {
        let leaves: Vec<Hash> = (0..=66_u8)
            .map(|number| Sha256::digest([number]).into())
            .collect();
        for size in 1..=leaves.len() {
            let root = merkle_root(&leaves[..size]);
            for index in 0..size {
                let path = inclusion_path(&leaves[..size], index).expect("the leaf exists");
                assert_eq!(
                    climb(leaves[index], index, size, &path),
                    root,
                    "leaf {index} of {size}"
                );
            }
        }
    }

    /// Independent of `fold`: the recursive definition, followed from the leaf upwards.
    fn climb(leaf: Hash, index: usize, size: usize, path: &[Hash]) -> Hash {
        if size == 1 {
            return leaf;
        }
        let split = size.next_power_of_two() / 2;
        let (sibling, below) = path
            .split_last()
            .expect("a path as long as the tree is deep");
        if index < split {
            node_hash(&climb(leaf, index, split, below), sibling)
        } else {
            node_hash(sibling, &climb(leaf, index - split, size - split, below))
        }
    }
}
