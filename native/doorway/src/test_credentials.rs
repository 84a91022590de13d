//! Authority, server and devices of the tests.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, PKCS_ED25519,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};

use crate::tls::Credentials;

/// One authority with a server of its own.
pub struct TestAuthority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ED25519).unwrap()
}

impl TestAuthority {
    pub fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "ca.VnMSP");
        Self {
            issuer: CertifiedIssuer::self_signed(params, key()).unwrap(),
        }
    }

    fn issue(&self, name: &str) -> (String, String) {
        let key = key();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
        ];
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    }

    pub fn credentials(&self) -> Credentials {
        let (certificate_pem, key_pem) = self.issue("localhost");
        Credentials {
            key_pem,
            certificate_pem,
            ca_pem: self.issuer.pem(),
        }
    }

    /// A client that trusts this authority and has a certificate of it, or of another, or none.
    pub fn client(&self, issued_by: Option<&TestAuthority>) -> ClientConnection {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(self.issuer.der().clone()).unwrap();
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap()
            .with_root_certificates(roots);
        let config = match issued_by {
            None => config.with_no_client_auth(),
            Some(authority) => {
                let (certificate, key) = authority.issue("meter-1");
                let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
                let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
                config
                    .with_client_auth_cert(vec![certificate], key)
                    .unwrap()
            }
        };
        let name = ServerName::try_from("localhost").unwrap();
        ClientConnection::new(config.into(), name).unwrap()
    }
}
