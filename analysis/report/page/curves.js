// A chart's curves, from the JSON of live_chart.cpp to what the plot library and the cursor need.
const STYLE_COLOURS = 8;
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3]];

const drawable = (value, axis) => Number.isFinite(value) && (!axis.log || value > 0);

function readCurves(spec) {
  const first = spec.c.length ? spec.c[0].x : [];
  return spec.c.map(c => {
    const x = c.x || first,
      points = [];
    c.y.forEach((y, i) => {
      if (!drawable(x[i], spec.x) || !drawable(y, spec.y)) return;
      const lo = c.lo?.[i],
        hi = c.hi?.[i];
      const band = drawable(lo, spec.y) && drawable(hi, spec.y);
      points.push({x: x[i], y, lo: band ? lo : null, hi: band ? hi : null, note: c.n?.[i] || ''});
    });
    // A gap is where the file has a place but no value: lines do not cross it.
    const gaps = c.p ? [] : x.filter((value, i) => drawable(value, spec.x) && !drawable(c.y[i], spec.y));
    return {
      label: c.l,
      colour: `--c${c.s % STYLE_COLOURS}`,
      dash: DASHES[Math.floor(c.s / STYLE_COLOURS)],
      points,
      gaps,
      scattered: Boolean(c.p),
      banded: points.some(p => p.lo !== null),
      shown: true,
    };
  });
}

// One column of x for all; null breaks a line, undefined is a place that the curve does not have.
function alignedColumns(curves) {
  const xs = [...new Set(curves.flatMap(c => [...c.points.map(p => p.x), ...c.gaps]))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  const columns = [xs];
  for (const curve of curves) {
    const make = value => {
      const column = new Array(xs.length);
      for (const x of curve.gaps) column[place.get(x)] = null;
      if (!curve.scattered) for (const point of curve.points) column[place.get(point.x)] = value(point);
      return column;
    };
    curve.series = columns.length;
    columns.push(make(p => p.y));
    if (curve.banded && !curve.scattered)
      columns.push(
        make(p => p.hi),
        make(p => p.lo),
      );
  }
  return columns;
}

function extentOf(values) {
  let least = Infinity,
    most = -Infinity;
  for (const value of values)
    if (value !== null) {
      if (value < least) least = value;
      if (value > most) most = value;
    }
  return least <= most ? [least, most] : null;
}

const xExtent = curves => extentOf(curves.flatMap(c => c.points.map(p => p.x)));

function yExtent(curves, lo, hi) {
  const shown = curves.filter(c => c.shown),
    values = [];
  for (const curve of shown.length ? shown : curves)
    for (const p of curve.points) if (p.x >= lo && p.x <= hi) values.push(p.y, p.lo, p.hi);
  return extentOf(values);
}
