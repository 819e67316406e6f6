//! Results, data as it lies, and misuse that the compiler cannot see: it is an error.
use orthant::{
    sys, Endmembers, EndmembersConfig, Error, Matrix, Model, Nmf, NmfConfig, ReluNmd, ReluNmdConfig,
    SymNet, SymNmf, SymnetConfig, SymnmfConfig, Unmix, UnmixConfig,
};

fn readme() -> Vec<f32> {
    (0..60 * 80).map(|i| (i * 7919 % 101) as f32).collect()
}

const README: fn() -> NmfConfig = || NmfConfig { rows: 60, cols: 80, rank: 4, ..Default::default() };

#[test]
fn nmf_goes_on() {
    let v = readme();
    let data = Matrix::dense(&v, 60, 80).unwrap();
    let config = NmfConfig { method: sys::ORTHANT_NMF_HALS, max_iter: 10, tol: -1.0, ..README() };
    let mut memory = vec![0; Nmf::<f32>::bytes(&config).unwrap()];
    let (mut w, mut h) = (vec![0.0; 240], vec![0.0; 320]);
    let mut nmf = Nmf::new(&config, &mut memory).unwrap();
    nmf.start(&data, &mut w, &mut h).unwrap();
    assert_eq!(nmf.run(&data, &mut w, &mut h).unwrap().iters, 10);
    let twice = nmf.run(&data, &mut w, &mut h).unwrap();
    assert_eq!((twice.iters, twice.stop), (20, sys::ORTHANT_STOP_ITERATIONS));
    assert!(w.iter().chain(&h).all(|&x| x >= 0.0));
}

#[test]
fn refusals_name_the_field_and_the_entry() {
    let config = NmfConfig { rank: 0, ..README() };
    assert_eq!(Nmf::<f32>::bytes(&config), Err(Error::Argument));
    assert_eq!(config.problem(), "rank is 0; it must be from 1 to 32768");
    assert_eq!(README().problem(), "");
    let v = [1.0, 2.0, -3.0, 4.0];
    let data = Matrix::dense(&v, 2, 2).unwrap();
    assert_eq!(data.problem(sys::ORTHANT_DATA_NOT_NEGATIVE), "entry (0, 1), counted from 0, is -3, which is negative");
    assert_eq!(data.problem(0), "");
}

#[test]
fn progress_stops() {
    let v = readme();
    let data = Matrix::dense(&v, 60, 80).unwrap();
    let mut memory = vec![0; Nmf::<f32>::bytes(&README()).unwrap()];
    let (mut w, mut h) = (vec![0.0; 240], vec![0.0; 320]);
    let mut seen = 0;
    let mut stop = |r: &orthant::Report| {
        seen += 1;
        r.iters >= 3
    };
    let mut nmf = Nmf::with_progress(&README(), &mut memory, &mut stop).unwrap();
    nmf.start(&data, &mut w, &mut h).unwrap();
    let report = nmf.run(&data, &mut w, &mut h).unwrap();
    assert_eq!((report.iters, report.stop), (3, sys::ORTHANT_STOP_CANCELLED));
    assert!(seen >= 3);
}

#[test]
fn workers_do_not_change_bits() {
    let v: Vec<f32> = (0..300 * 700).map(|i| (i * 7919 % 1009) as f32).collect();
    let run = |workers| {
        let config = NmfConfig { rows: 300, cols: 700, rank: 5, max_iter: 5, workers, ..Default::default() };
        let data = Matrix::dense(&v, 300, 700).unwrap();
        let mut memory = vec![0; Nmf::<f32>::bytes(&config).unwrap()];
        let (mut w, mut h) = (vec![0.0; 1500], vec![0.0; 3500]);
        let mut nmf = Nmf::new(&config, &mut memory).unwrap();
        nmf.start(&data, &mut w, &mut h).unwrap();
        nmf.run(&data, &mut w, &mut h).unwrap();
        (w, h)
    };
    let serial = run(1);
    assert_eq!(serial, run(3));
    // Jobs of several threads share the pool.
    std::thread::scope(|scope| {
        for job in [0; 3].map(|_| scope.spawn(|| run(3))) {
            assert_eq!(job.join().unwrap(), serial);
        }
    });
    assert_eq!(Nmf::<f32>::bytes(&NmfConfig { workers: -1, ..README() }), Err(Error::Argument));
}

#[test]
fn sparse_is_dense() {
    let dense: [f64; 12] = [1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0, 5.0, 0.0, 6.0, 0.0]; // 3 x 4
    let (values, starts, indices) =
        ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0f64], [0, 2, 3, 5, 6], [0, 2, 1, 0, 2, 1]);
    let run = |data: &Matrix<f64>, kind| {
        let config = NmfConfig {
            rows: 3, cols: 4, rank: 2, data: kind, method: sys::ORTHANT_NMF_HALS,  // no rounding decides about a restart
            start: sys::ORTHANT_START_RANDOM, max_iter: 30, tol: -1.0,
            ..Default::default()
        };
        let mut memory = vec![0; Nmf::<f64>::bytes(&config).unwrap()];
        let (mut w, mut h) = ([0.0; 6], [0.0; 8]);
        let mut nmf = Nmf::new(&config, &mut memory).unwrap();
        nmf.start(data, &mut w, &mut h).unwrap();
        nmf.run(data, &mut w, &mut h).unwrap();
        w
    };
    let a = run(&Matrix::dense(&dense, 3, 4).unwrap(), sys::ORTHANT_DENSE);
    let b = run(&Matrix::csc(&values, &starts, &indices, 3, 4).unwrap(), sys::ORTHANT_CSC);
    assert!(a.iter().zip(&b).all(|(x, y)| (x - y).abs() < 1e-9));
}

#[test]
fn unmixing() {
    // Bumps at three wavelengths, and thirty mixtures that sum to one.
    let bump = |i: usize| (-0.02 * ((i % 30) as f64 - 5.0 - 10.0 * (i / 30) as f64).powi(2)).exp();
    let mut e: Vec<f64> = (0..90).map(bump).collect();
    let share = |i: usize| (1 + (i * 7919) % 11) as f64;
    let truth: Vec<f64> = (0..90).map(|i| share(i) / (0..3).map(|k| share(i / 3 * 3 + k)).sum::<f64>()).collect();
    let mix = |i: usize| (0..3).map(|k| e[i % 30 + 30 * k] * truth[k + i / 30 * 3]).sum();
    let y: Vec<f64> = (0..900).map(mix).collect();
    let pixels = Matrix::dense(&y, 30, 30).unwrap();
    let config = UnmixConfig { bands: 30, endmembers: 3, sum_to_one: 1, ..Default::default() };
    let mut memory = vec![0; Unmix::<f64>::bytes(&config).unwrap()];
    let mut a = vec![0.0; 90];
    let mut unmix = Unmix::new(&config, &e, &mut memory).unwrap();
    unmix.run(&pixels, &mut a).unwrap();
    assert!(a.iter().zip(&truth).all(|(x, t)| (x - t).abs() < 1e-8));
    assert_eq!(unmix.run(&pixels, &mut a[..89]), Err(Error::Argument));
    assert_eq!(unmix.run(&Matrix::dense(&y, 90, 10).unwrap(), &mut a[..30]), Err(Error::Argument));

    // A pixel without a number is NaN, and no other changes; an error where none is left.
    let mut with_nan = y.clone();
    with_nan[4 * 30 + 7] = f64::NAN;
    let whole = a.clone();
    unmix.run(&Matrix::dense(&with_nan, 30, 30).unwrap(), &mut a).unwrap();
    let near = |from: usize, to: usize| (from..to).all(|i| (a[i] - whole[i]).abs() < 1e-8);
    assert!(a[12..15].iter().all(|x| x.is_nan()) && near(0, 12) && near(15, 90));
    assert_eq!(unmix.run(&Matrix::dense(&[f64::NAN; 30], 30, 1).unwrap(), &mut a[..3]), Err(Error::Data));

    let corners = EndmembersConfig { bands: 30, pixels: 30, endmembers: 3, ..Default::default() };
    let mut memory = vec![0; Endmembers::<f64>::bytes(&corners).unwrap()];
    let mut chosen = [-1; 3];
    Endmembers::new(&corners, &mut memory).unwrap().run(&pixels, &mut e, &mut chosen).unwrap();
    assert!(chosen.iter().all(|&i| (0..30).contains(&i)));
}

#[test]
fn others() {
    let m: Vec<f64> = (0..20 * 15).map(|i| f64::max(0.0, ((i % 20) as f64 - 8.0) * ((i / 20) as f64 - 6.0))).collect();
    let config = ReluNmdConfig { rows: 20, cols: 15, rank: 2, ..Default::default() };
    let mut memory = vec![0; ReluNmd::<f64>::bytes(&config).unwrap()];
    let (mut u, mut v) = (vec![0.0; 40], vec![0.0; 30]);
    let mut job = ReluNmd::new(&config, &mut memory).unwrap();
    let data = Matrix::dense(&m, 20, 15).unwrap();
    job.start(&data, &mut u, &mut v).unwrap();
    assert!(job.run(&data, &mut u, &mut v).unwrap().rel_error < 1e-3);

    let x: Vec<f64> = (0..64).map(|i| if (i % 8) / 4 == i / 32 { 1.0 } else { 0.0 }).collect();
    let data = Matrix::dense(&x, 8, 8).unwrap();
    let mut u = vec![0.0; 16];
    let config = SymnmfConfig { n: 8, rank: 2, ..Default::default() };
    let mut memory = vec![0; SymNmf::<f64>::bytes(&config).unwrap()];
    let mut job = SymNmf::new(&config, &mut memory).unwrap();
    job.start(&data, &mut u).unwrap();
    assert!(job.run(&data, &mut u).unwrap().rel_error < 1e-2);
    let config = SymnetConfig { n: 8, rank: 2, epochs: 20, ..Default::default() };
    let mut memory = vec![0; SymNet::<f64>::bytes(&config).unwrap()];
    let mut job = SymNet::new(&config, &mut memory).unwrap();
    job.start(&data, &mut u).unwrap();
    assert_eq!(job.run(&data, &mut u).unwrap().iters, 20);
}

#[test]
fn misuse() {
    let mut v = readme();
    assert!(Matrix::dense(&v, 60, 79).is_err());
    assert!(Matrix::strided(&v, 60, 80, 61).is_err());
    assert!(Matrix::strided(&v, 60, 80, 59).is_err());
    assert!(Matrix::dense(&v[..0], 0, 80).is_err());
    assert!(Matrix::dense(&v, usize::MAX, 2).is_err());
    assert!(Matrix::csc(&v[..2], &[0, 1, 3], &[0, 1, 0], 2, 2).is_err()); // fewer values than starts say
    assert!(Matrix::csc(&v[..3], &[0, 3], &[0, 1, 0], 2, 2).is_err()); // fewer columns
    assert!(Matrix::csc(&v[..3], &[0, 1, -3], &[0, 1, 0], 2, 2).is_err());

    let mut memory = vec![0; Nmf::<f32>::bytes(&README()).unwrap()];
    assert_eq!(Nmf::<f32>::new(&README(), &mut memory[1..9]).err(), Some(Error::Scratch));
    assert_eq!(Nmf::<f32>::bytes(&NmfConfig { rank: 0, ..README() }), Err(Error::Argument));
    let unsupported = NmfConfig { loss: sys::ORTHANT_LOSS_IS, method: sys::ORTHANT_NMF_ANLS, ..README() };
    assert_eq!(Nmf::<f32>::bytes(&unsupported), Err(Error::Unsupported));

    let (mut w, mut h) = (vec![0.0; 240], vec![0.0; 320]);
    let mut nmf = Nmf::new(&README(), &mut memory).unwrap();
    let data = Matrix::dense(&v, 60, 80).unwrap();
    assert_eq!(nmf.start(&data, &mut w[1..], &mut h), Err(Error::Argument));
    assert_eq!(nmf.start(&data, &mut h, &mut w), Err(Error::Argument));
    assert_eq!(nmf.start(&Matrix::dense(&v, 80, 60).unwrap(), &mut w, &mut h), Err(Error::Argument));
    v[7] = f32::NAN;
    assert_eq!(nmf.start(&Matrix::dense(&v, 60, 80).unwrap(), &mut w, &mut h), Err(Error::Data));
    v[7] = 1.0;
    let outside = Matrix::csc(&v[..1], &[0, 1], &[2], 2, 1).unwrap(); // the library refuses it
    let config = NmfConfig { rows: 2, cols: 1, rank: 1, data: sys::ORTHANT_CSC, ..Default::default() };
    let mut memory = vec![0; Nmf::<f32>::bytes(&config).unwrap()];
    let mut small = Nmf::new(&config, &mut memory).unwrap();
    assert_eq!(small.start(&outside, &mut w[..2], &mut h[..1]), Err(Error::Argument));

    let blob = [1u8; 200];
    assert_eq!(Model::open(&blob).err(), Some(Error::Blob));
    assert_ne!(Model::problem(&blob), "ok");
    assert!(Error::Data.to_string().len() > 3 && orthant::build().contains("f32"));
}
