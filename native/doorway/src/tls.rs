//! How TLS is spoken: 1.3 only, and only with a certificate of the one authority.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{RootCertStore, ServerConfig};

use crate::error::DoorwayError;

/// The server's key and certificate, and the authority of the devices' certificates, as PEM.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// PKCS#8.
    pub key_pem: String,
    /// The server's own certificate first.
    pub certificate_pem: String,
    /// The only one whose certificates are let in.
    pub ca_pem: String,
}

/// Without tickets and early data: a handshake costs less than keeping a session, and nothing can be sent twice.
pub fn server_config(credentials: &Credentials) -> Result<Arc<ServerConfig>, DoorwayError> {
    let unusable = |error: &dyn std::fmt::Display| DoorwayError::Credentials(error.to_string());
    let provider = Arc::new(default_provider());
    let mut roots = RootCertStore::empty();
    for certificate in certificates(&credentials.ca_pem)? {
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone())
        .build()
        .map_err(|error| unusable(&error))?;
    let key = PrivateKeyDer::from_pem_slice(credentials.key_pem.as_bytes())
        .map_err(|error| unusable(&error))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(|error| unusable(&error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates(&credentials.certificate_pem)?, key)
        .map_err(|error| unusable(&error))?;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.max_early_data_size = 0;
    Ok(config.into())
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, DoorwayError> {
    CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| DoorwayError::Credentials(error.to_string()))
}
