//! The threads of a job: pools of orthant/threads.h, one for each number of workers, which stay for the next job.
use crate::sys;

/// Null for a serial job, else `threads` filled in.  The library copies it at init; nothing in it borrows.
pub(crate) fn given(workers: i32, threads: &mut sys::orthant_parallel) -> *const sys::orthant_parallel {
    if workers == 0 || workers == 1 {
        return core::ptr::null();
    }
    threads.workers = workers;
    #[cfg(feature = "std")]
    if let Some(pool) = pools::of(workers) {
        *threads = pool;
    }
    threads // without `run` the library refuses more than one worker
}

#[cfg(feature = "std")]
mod pools {
    use crate::sys;
    use std::{process, sync::Mutex, vec, vec::Vec};

    struct Pool {
        process: u32, // a fork has the memory of the pool without its threads
        wanted: i32,
        parallel: sys::orthant_parallel,
        _memory: Vec<u8>,
    }
    // SAFETY: any thread may use a pool; its memory is its own.
    unsafe impl Send for Pool {}

    // A loop that finds its pool at work runs on the thread that asked, so jobs may share one.
    static POOLS: Mutex<Vec<Pool>> = Mutex::new(Vec::new());

    /// None where the library refuses so many.
    pub fn of(workers: i32) -> Option<sys::orthant_parallel> {
        let mut pools = POOLS.lock().ok()?;
        let process = process::id();
        if let Some(pool) = pools.iter().find(|pool| pool.process == process && pool.wanted == workers) {
            return Some(pool.parallel);
        }
        let mut bytes = 0;
        let mut parallel = sys::orthant_parallel::default();
        let mut handle = core::ptr::null_mut();
        // SAFETY: the memory stays where it is until the process ends, as do the threads.
        let memory = unsafe {
            if sys::orthant_threads_size(workers, &mut bytes) != sys::ORTHANT_OK {
                return None;
            }
            let mut memory = vec![0u8; bytes];
            let at = memory.as_mut_ptr().cast();
            if sys::orthant_threads_create(workers, at, bytes, &mut handle, &mut parallel) != sys::ORTHANT_OK {
                return None;
            }
            memory
        };
        pools.push(Pool { process, wanted: workers, parallel, _memory: memory });
        Some(parallel)
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use super::*;
    use std::{sync::{Barrier, Mutex}, thread, vec::Vec};

    struct Meeting {
        all: Barrier,
        helpers: Mutex<Vec<thread::ThreadId>>,
    }

    unsafe extern "C" fn meet(meeting: *mut sys::c_void, _index: i32, worker: i32) {
        let meeting = &*meeting.cast::<Meeting>();
        if worker != 0 {
            meeting.helpers.lock().unwrap().push(thread::current().id());
        }
        meeting.all.wait(); // both tasks are at work, or neither returns
    }

    #[test]
    fn pools_stay_and_work_side_by_side() {
        let mut threads = [sys::orthant_parallel::default(), Default::default(), Default::default()];
        for (parallel, workers) in threads.iter_mut().zip([2, 2, 3]) {
            assert!(!given(workers, parallel).is_null());
            assert_eq!(parallel.workers, workers);
        }
        assert_eq!(threads[0].user, threads[1].user);
        assert_ne!(threads[0].user, threads[2].user);
        let mut meeting = Meeting { all: Barrier::new(2), helpers: Mutex::new(Vec::new()) };
        for parallel in &threads[..2] {
            // SAFETY: the meeting outlives the loop.
            unsafe { parallel.run.unwrap()(parallel.user, 2, Some(meet), (&mut meeting as *mut Meeting).cast()) };
        }
        let helpers = meeting.helpers.lock().unwrap();
        assert_eq!(helpers.len(), 2);
        assert_eq!(helpers[0], helpers[1], "the thread of the first loop serves the second");
    }

    #[test]
    fn too_many_are_refused() {
        let mut parallel = Default::default();
        assert!(!given(5000, &mut parallel).is_null());
        assert!(parallel.run.is_none());
    }
}
