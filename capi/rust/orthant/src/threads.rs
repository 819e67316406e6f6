//! Worker threads for a job, made for each wide loop and joined at its end.
use crate::sys;

/// Null for a serial job, else `threads` filled in.  The library copies it at init; nothing in it borrows.
pub(crate) fn given(workers: i32, threads: &mut sys::orthant_parallel) -> *const sys::orthant_parallel {
    if workers == 0 || workers == 1 {
        return core::ptr::null();
    }
    threads.workers = workers;
    #[cfg(feature = "std")]
    {
        threads.run = Some(run);
        threads.user = workers as usize as *mut sys::c_void;
    }
    threads // without `run` the library refuses more than one worker
}

#[cfg(feature = "std")]
#[allow(unused_unsafe)] // older compilers: a closure of an unsafe function is unsafe already
unsafe extern "C" fn run(user: *mut sys::c_void, tasks: i32, task: sys::orthant_task_fn, arg: *mut sys::c_void) {
    use std::sync::atomic::{AtomicI32, Ordering};
    use std::thread;
    let task = match task {
        Some(f) => (f, arg as usize), // an address may cross threads
        None => return,
    };
    let next = AtomicI32::new(0);
    let work = |worker: i32| loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        if index >= tasks {
            break;
        }
        // SAFETY: as the library asked: each index once, no worker twice at a time.
        unsafe { task.0(task.1 as *mut sys::c_void, index, worker) }
    };
    let work = &work;
    thread::scope(|scope| {
        for worker in 1..(user as usize as i32).min(tasks) {
            // A thread that cannot be started leaves its tasks to the others.
            let _ = thread::Builder::new().spawn_scoped(scope, move || work(worker));
        }
        work(0);
    });
}
