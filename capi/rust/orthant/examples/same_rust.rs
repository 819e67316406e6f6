//! same_rust run FILE OUT: the README's factorization and an unmixing of tests/bindings/same_c.c, in Rust.
use orthant::{Matrix, Nmf, NmfConfig, Unmix, UnmixConfig};
use std::{env, error::Error, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().collect();
    let given: Vec<f32> =
        fs::read(&arguments[2])?.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let (v, rest) = given.split_at(60 * 80);
    let (e, y) = rest.split_at(50 * 4);
    let (mut w, mut h, mut a) = (vec![0f32; 60 * 4], vec![0f32; 4 * 80], vec![0f32; 4 * 400]);

    let config = NmfConfig { rows: 60, cols: 80, rank: 4, ..Default::default() };
    let mut memory = vec![0; Nmf::<f32>::bytes(&config)?];
    let data = Matrix::dense(v, 60, 80)?;
    let mut nmf = Nmf::new(&config, &mut memory)?;
    nmf.start(&data, &mut w, &mut h)?;
    let r = nmf.run(&data, &mut w, &mut h)?;

    let config = UnmixConfig { bands: 50, endmembers: 4, sum_to_one: 1, ..Default::default() };
    let mut memory = vec![0; Unmix::<f32>::bytes(&config)?];
    let pixels = Matrix::dense(y, 50, 400)?;
    let mut unmix = Unmix::new(&config, e, &mut memory)?;
    let s = unmix.run(&pixels, &mut a)?;

    let mut out: Vec<u8> = w.iter().chain(&h).chain(&a).flat_map(|x| x.to_le_bytes()).collect();
    out.extend([r.objective, r.kkt, s.objective, s.kkt].iter().flat_map(|x| x.to_le_bytes()));
    fs::write(&arguments[3], out)?;
    Ok(())
}
