//! Topics of a few counted words, of which one count is missing, with two threads.
use orthant::{sys, Matrix, Nmf, NmfConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words = ["pixel", "band", "soil", "pivot", "matrix", "rank"];
    let counts: [[f32; 6]; 5] = [
        [9., 8., 5., 0., 1., 0.],
        [7., 9., 6., 1., 0., 0.],
        [0., 1., 0., 8., f32::NAN, 6.],
        [1., 0., 0., 9., 7., 7.],
        [8., 7., 6., 1., 2., 1.],
    ];
    let v = counts.concat(); // text after text: columns of V
    let config = NmfConfig {
        rows: 6,
        cols: 5,
        rank: 2,
        data: sys::ORTHANT_MASKED,
        max_iter: 2000,
        workers: 2,
        ..Default::default()
    };
    println!("Without a rank: {}", NmfConfig { rank: 0, ..config }.problem());
    let mut memory = vec![0; Nmf::<f32>::bytes(&config)?];
    let (mut w, mut h) = (vec![0f32; 6 * 2], vec![0f32; 2 * 5]);
    let data = Matrix::masked(&v, None, 6, 5)?;
    let mut nmf = Nmf::new(&config, &mut memory)?;
    nmf.start(&data, &mut w, &mut h)?;
    let report = nmf.run(&data, &mut w, &mut h)?;
    for (i, word) in words.iter().enumerate() {
        println!("{word:7} {:6.2} {:6.2}", w[i], w[i + 6]);
    }
    let found = w[4] * h[4] + w[4 + 6] * h[5]; // the missing count of `matrix` in the third text
    println!("the missing count is about {found:.1}, after {} iterations", report.iters);
    assert!((4.0..12.0).contains(&found));
    Ok(())
}
