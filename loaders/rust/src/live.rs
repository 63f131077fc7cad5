//! The table in use: replaced while requests are answered, and kept where its successor is refused.

use std::sync::{Arc, PoisonError, RwLock};

use super::error::LoadError;
use super::load::{DecisionTable, LoadOptions};

/// A table that can be replaced while it is in use.
///
/// It remembers the greatest serial number that it has taken, so that an older table cannot come back.
#[derive(Debug)]
pub struct Live {
    state: RwLock<State>,
}

#[derive(Debug)]
struct State {
    table: Arc<DecisionTable>,
    least_serial: Option<u64>,
}

impl Live {
    /// Begins with a table.
    pub fn new(table: DecisionTable) -> Self {
        let least_serial = table.serial();
        Self { state: RwLock::new(State { table: Arc::new(table), least_serial }) }
    }

    /// The table for one request, or for a batch that must be decided alike.
    pub fn table(&self) -> Arc<DecisionTable> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner).table)
    }

    /// The greatest serial number taken so far: what a gateway writes down to begin with after a restart.
    pub fn greatest_serial(&self) -> Option<u64> {
        self.state.read().unwrap_or_else(PoisonError::into_inner).least_serial
    }

    /// Loads a table beside the one in use, and changes over once nothing can fail any more.
    ///
    /// # Errors
    ///
    /// Those of [`DecisionTable::load`], a serial number below the greatest taken among them: then the table in use
    /// stays.
    pub fn replace(
        &self,
        bytes: &[u8],
        signature: Option<&[u8]>,
        options: &LoadOptions,
    ) -> Result<Arc<DecisionTable>, LoadError> {
        let loaded = Arc::new(DecisionTable::load(bytes, signature, options)?);
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        // Asked for here, so that of two who load at once the newer table stays.
        loaded.newer_than(state.least_serial)?;
        state.least_serial = state.least_serial.max(loaded.serial());
        state.table = Arc::clone(&loaded);
        Ok(loaded)
    }
}
