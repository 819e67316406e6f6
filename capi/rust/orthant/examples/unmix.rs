//! Abundances of three pixels, of which one has no number, for two spectra.
use orthant::{Matrix, Unmix, UnmixConfig};

fn main() -> orthant::Result<()> {
    let spectra = [0.1, 0.2, 0.6, 0.5, 0.3, 0.4, 0.4, 0.5]; // vegetation, then soil: four bands each
    let pixels = [0.10, 0.20, 0.60, 0.5, 0.20, f64::NAN, 0.50, 0.5, 0.25, 0.35, 0.45, 0.5];
    let config = UnmixConfig { bands: 4, endmembers: 2, sum_to_one: 1, ..Default::default() };
    let mut memory = vec![0; Unmix::<f64>::bytes(&config)?]; // does not grow with the pixels
    let mut abundances = [0.0; 2 * 3];
    let mut unmix = Unmix::new(&config, &spectra, &mut memory)?;
    unmix.run(&Matrix::dense(&pixels, 4, 3)?, &mut abundances)?;
    for (j, a) in abundances.chunks(2).enumerate() {
        println!("pixel {j}: {:.2} vegetation, {:.2} soil", a[0], a[1]);
    }
    assert!(abundances[2].is_nan() && (abundances[4] - 0.25).abs() < 1e-9);
    Ok(())
}
