//! first [OUT]: what native/first.c does, in Rust.
use orthant::{Matrix, Nmf, NmfConfig, Unmix, UnmixConfig};
use std::{env, error::Error, fs};

macro_rules! first {
    ($T:ty, $out:expr) => {{
        let v: Vec<$T> = (0..60 * 80).map(|i| ((i * 7919) % 101) as $T).collect();
        let (mut w, mut h, mut a) = (vec![0.0 as $T; 60 * 4], vec![0.0 as $T; 4 * 80], vec![0.0 as $T; 6]);
        let config = NmfConfig { rows: 60, cols: 80, rank: 4, ..Default::default() };
        let mut memory = vec![0; Nmf::<$T>::bytes(&config)?];
        let data = Matrix::dense(&v, 60, 80)?;
        let mut nmf = Nmf::new(&config, &mut memory)?;
        nmf.start(&data, &mut w, &mut h)?;
        nmf.run(&data, &mut w, &mut h)?;

        let e: [$T; 8] = [0.1, 0.2, 0.3, 0.4, 0.9, 0.5, 0.2, 0.1];
        let y: [$T; 12] = [0.3, 0.275, 0.275, 0.325, <$T>::NAN, 0.35, 0.25, 0.25, 0.9, 0.5, 0.2, 0.1];
        let config = UnmixConfig { bands: 4, endmembers: 2, sum_to_one: 1, ..Default::default() };
        let mut memory = vec![0; Unmix::<$T>::bytes(&config)?];
        let pixels = Matrix::dense(&y, 4, 3)?;
        Unmix::new(&config, &e, &mut memory)?.run(&pixels, &mut a)?;
        assert!(a[2].is_nan() && a[3].is_nan() && (a[0] - 0.75).abs() < 1e-5 && (a[5] - 1.0).abs() < 1e-5);
        if let Some(out) = $out {
            fs::write(out, w.iter().chain(&h).chain(&a).flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>())?;
        }
    }};
}

fn main() -> Result<(), Box<dyn Error>> {
    let out = env::args().nth(1);
    first!(f32, out.as_ref().map(|out| format!("{out}.f32")));
    first!(f64, out.as_ref().map(|out| format!("{out}.f64")));
    Ok(())
}
