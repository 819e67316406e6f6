//! Factor a matrix of rank one.
use orthant::{Matrix, Nmf, NmfConfig};

fn main() -> orthant::Result<()> {
    let v: Vec<f64> = (0..12).map(|i| ((i % 3 + 1) * (i / 3 + 1)) as f64).collect();
    let config = NmfConfig { rows: 3, cols: 4, rank: 1, ..Default::default() };
    let mut memory = vec![0; Nmf::<f64>::bytes(&config)?];
    let (mut w, mut h) = ([0.0; 3], [0.0; 4]);
    let data = Matrix::dense(&v, 3, 4)?;
    let mut nmf = Nmf::new(&config, &mut memory)?;
    nmf.start(&data, &mut w, &mut h)?;
    let report = nmf.run(&data, &mut w, &mut h)?;
    println!("Rust: |V - W H| / |V| = {:.1e}", report.rel_error);
    assert!(report.rel_error < 1e-6);
    Ok(())
}
