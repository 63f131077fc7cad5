//! Signing a table as minisign would: the same bytes for the same table and key.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Blake2b512, Digest};
use ed25519_compact::{KeyPair, SecretKey};

use crate::limits::MAX_KEY_LOG_N;
use crate::limits::MAX_KEY_PARALLEL;
use crate::table::signature::{base64, trusted_comment};

/// The environment variable whose value opens a secret key; read by the command line.
pub const PASSWORD_VARIABLE: &str = "GOVCTL_KEY_PASSWORD";

/// minisign's secret keys before they are base64.
const KEY_BYTES: usize = 158;
const PUBLIC_KEY_BYTES: usize = 42;

/// A secret key, open. It has no `Debug`, so that nothing prints it by mistake.
pub struct SigningKey {
    id: [u8; 8],
    key: SecretKey,
}

impl SigningKey {
    /// Opens a key file as `minisign -G` writes it, with or without a password.
    ///
    /// # Errors
    ///
    /// What keeps it from being opened, and what to do; nothing of the file is quoted.
    pub fn open(file: &str, password: Option<&str>) -> Result<Self, String> {
        let mut lines = file.lines();
        let mut line = lines.next().unwrap_or_default();
        if line.starts_with("untrusted comment:") {
            line = lines.next().unwrap_or_default();
        }
        let bytes = base64::decode(line.trim()).unwrap_or_default();
        if bytes.len() == PUBLIC_KEY_BYTES {
            return Err(
                "this is a public key, which cannot sign; give the secret key made with it".to_owned()
            );
        }
        let stored = Stored::read(&bytes)
            .ok_or("this is not a minisign secret key; `minisign -G -W` makes one without a password")?;
        stored.open(password)
    }

    /// The public key that checks what this one signs, as the second line of its file.
    pub fn public_key(&self) -> String {
        let public = self.key.public_key();
        base64::encode(&[b"Ed".as_slice(), &self.id, public.as_slice()].concat())
    }

    /// The signature file of a table, with its serial number if it has one. There is no chance and no time in it.
    pub fn sign(&self, table: &[u8], digest: &str, serial: Option<u64>) -> String {
        let signature = self.key.sign(Blake2b512::digest(table), None);
        let comment = trusted_comment(digest, serial);
        let global = self.key.sign([signature.as_slice(), comment.as_bytes()].concat(), None);
        let signature = [b"ED".as_slice(), &self.id, signature.as_slice()].concat();
        format!(
            "untrusted comment: signature of a govctl decision table\n{}\ntrusted comment: {comment}\n{}\n",
            base64::encode(&signature),
            base64::encode(global.as_slice())
        )
    }
}

/// A secret key as its file has it.
struct Stored {
    algorithm: [u8; 2],
    derivation: [u8; 2],
    salt: [u8; 32],
    operations: u64,
    memory: u64,
    /// Its id, the key and a checksum of both: as they are, or hidden under a stream made of the password.
    secret: [u8; 104],
}

impl Stored {
    fn read(bytes: &[u8]) -> Option<Self> {
        let number = |at: usize| bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        if bytes.len() != KEY_BYTES {
            return None;
        }
        let stored = Self {
            algorithm: *bytes.first_chunk()?,
            derivation: *bytes.get(2..)?.first_chunk()?,
            salt: *bytes.get(6..)?.first_chunk()?,
            operations: number(38)?,
            memory: number(46)?,
            secret: *bytes.get(54..)?.first_chunk()?,
        };
        let checksum = bytes.get(4..6)?;
        (stored.algorithm == *b"Ed" && checksum == b"B2").then_some(stored)
    }

    fn open(mut self, password: Option<&str>) -> Result<SigningKey, String> {
        let protected = match &self.derivation {
            b"Sc" => true,
            [0, 0] => false,
            _ => return Err("this secret key is protected in a way that minisign does not know".to_owned()),
        };
        if protected {
            let password = password.ok_or_else(|| {
                format!("this secret key is protected by a password; put it into {PASSWORD_VARIABLE}")
            })?;
            self.uncover(password)?;
        }
        self.opened(protected).ok_or_else(|| {
            if protected {
                format!("the password in {PASSWORD_VARIABLE} does not open this secret key")
            } else {
                "this secret key is damaged; take it from where it was kept".to_owned()
            }
        })
    }

    /// Takes the password's stream off.
    fn uncover(&mut self, password: &str) -> Result<(), String> {
        let too_much = || "opening this secret key takes more memory than minisign ever asks for".to_owned();
        let params = parameters(self.operations, self.memory).ok_or_else(too_much)?;
        let mut stream = [0; 104];
        scrypt::scrypt(password.as_bytes(), &self.salt, &params, &mut stream).map_err(|_| too_much())?;
        for (byte, cover) in self.secret.iter_mut().zip(stream) {
            *byte ^= cover;
        }
        Ok(())
    }

    /// The key, if it is whole: its checksum fits and its two halves belong together.
    fn opened(&self, protected: bool) -> Option<SigningKey> {
        let (id, rest) = self.secret.split_first_chunk::<8>()?;
        let (key, checksum) = rest.split_first_chunk::<64>()?;
        let mut hash = Blake2b::<U32>::new();
        hash.update(self.algorithm);
        hash.update(id);
        hash.update(key);
        // Where there is no password minisign leaves the checksum empty.
        let unchecked = !protected && checksum.iter().all(|byte| *byte == 0);
        if !unchecked && hash.finalize().as_slice() != checksum {
            return None;
        }
        let key = SecretKey::from_slice(key).ok()?;
        let pair = KeyPair::try_from_seed(key.seed()).ok()?;
        (pair.pk == key.public_key()).then_some(SigningKey { id: *id, key })
    }
}

/// How libsodium turns its two limits into the parameters of scrypt; none past [`MAX_KEY_LOG_N`] or [`MAX_KEY_PARALLEL`].
fn parameters(operations: u64, memory: u64) -> Option<scrypt::Params> {
    const BLOCK: u64 = 8;
    let operations = operations.max(32768);
    let frugal = operations < memory / 32;
    let most = if frugal { operations / (BLOCK * 4) } else { memory / (BLOCK * 128) };
    let log_n = (1..=MAX_KEY_LOG_N).find(|log| 1_u64 << log > most / 2)?;
    let parallel = if frugal { 1 } else { ((operations / 4) >> log_n) / BLOCK };
    let parallel = u32::try_from(parallel).ok().filter(|_| parallel <= MAX_KEY_PARALLEL)?;
    scrypt::Params::new(log_n, 8, parallel).ok()
}
