// A chart that answers: the plot library draws axes, lines and bands and zooms; the cursor, which goes from
// point to point by pointer or keys and is shared with the section's other charts, is ours.
const CHART_HEIGHT_PX = 330,
  TALL_CHART_PX = 430,
  TALL_FROM_CURVES = 12,
  REACH_PX = 60,
  MOST_LINE_POINTS = 60,
  FADED = 0.15;

class LiveChart {
  constructor(figure, spec) {
    this.figure = figure;
    this.spec = spec;
    this.curves = readCurves(spec);
    this.height = this.curves.length > TALL_FROM_CURVES ? TALL_CHART_PX : CHART_HEIGHT_PX;
    this.holder = element('div', 'holder plot');
    this.spoken = element('output', 'spoken');
    if (!xExtent(this.curves)) {
      this.holder = element('p', 'nothing', 'Nothing to draw: no point is finite.');
      return;
    }
    this.title = figure.querySelector('figcaption')?.textContent || '';
    this.holder.tabIndex = 0;
    this.holder.setAttribute('role', 'application');
    this.holder.setAttribute(
      'aria-label',
      `Chart ${this.title}, ${this.curves.length} curves. Left and right move along ` +
        'a curve, up and down to another, plus and minus zoom, 0 shows all.',
    );
    this.reset = element('button', 'reset', 'Show all');
    this.reset.hidden = true;
    this.tip = element('div', 'tip');
    this.dot = element('div', 'dot');
    this.rule = element('div', 'rule');
    this.current = null;
  }

  // Once its parts are in the document: the library measures them.
  start() {
    if (!this.reset) return;
    this.plot = new uPlot(this.options(), alignedColumns(this.curves), this.holder);
    this.plot.over.append(this.rule, this.dot, this.tip);
    this.point(null);
    this.listen();
    new ResizeObserver(() => this.fit()).observe(this.holder);
    redraws.push(() => this.plot.redraw(false, true));
  }

  fit() {
    const width = this.holder.clientWidth;
    if (width && width !== this.plot.width) {
      this.plot.setSize({width, height: this.height});
      this.point(null);
    }
  }

  options() {
    const {x, y} = this.spec;
    const scale = (axis, range) => ({time: false, distr: axis.log ? 3 : 1, range});
    return {
      width: this.holder.clientWidth || 600,
      height: this.height,
      legend: {show: false},
      cursor: {x: false, y: false, points: {show: false}, drag: {x: true, y: true, uni: 24, dist: 6}},
      scales: {
        x: scale(x, (u, lo, hi) => this.xRange(lo, hi)),
        y: scale(y, () => this.yRange()),
      },
      axes: [this.axis(x, 2), this.axis(y, 3)],
      padding: [12, 18, 0, 0],
      ...this.seriesAndBands(),
      hooks: {draw: [u => this.drawOver(u)], setScale: [() => this.zoomed()]},
    };
  }

  // The library asks for every new range of x, then for that of y, and keeps both only afterwards. A range
  // that holds all points gets the margin, a part stays as it is.
  xRange(lo, hi) {
    const [least, most] = xExtent(this.curves);
    this.xView = lo <= least && hi >= most ? withMargin(least, most, this.spec.x) : [lo, hi];
    return this.xView;
  }

  yRange() {
    const extent = yExtent(this.curves, ...this.xView) || yExtent(this.curves, -Infinity, Infinity);
    return withMargin(...extent, this.spec.y);
  }

  axis(axis, side) {
    const wide = axis.unit === DATE ? 112 : 64;
    return {
      side,
      scale: side === 2 ? 'x' : 'y',
      label: axis.label,
      labelSize: 20,
      gap: 6,
      stroke: () => colour('--text'),
      grid: {stroke: () => colour('--grid'), width: 1},
      ticks: {show: false},
      font: chartFont(12),
      labelFont: chartFont(12),
      filter: (u, at) => at,
      splits: (u, i, lo, hi) =>
        ticks(
          lo,
          hi,
          axis,
          Math.floor(u.bbox[side === 2 ? 'width' : 'height'] / devicePixelRatio / (side === 2 ? wide : 36)),
        ),
      values: (u, at) => tickLabels(at, axis),
      size:
        side === 2
          ? 30
          : (u, labels) => {
              u.ctx.font = chartFont(12 * devicePixelRatio);
              return Math.ceil(
                Math.max(
                  24,
                  ...(labels || []).map(text => u.ctx.measureText(text).width / devicePixelRatio),
                ) + 10,
              );
            },
    };
  }

  seriesAndBands() {
    const series = [{}],
      bands = [];
    for (const curve of this.curves) {
      const stroke = () => colour(curve.colour);
      const few = curve.points.length <= MOST_LINE_POINTS;
      series.push({
        scale: 'y',
        stroke,
        width: 2,
        dash: curve.dash,
        points: {show: few && !curve.scattered, size: 6, width: 1, fill: stroke},
      });
      if (!curve.banded || curve.scattered) continue;
      bands.push({series: [series.length, series.length + 1], fill: () => `${colour(curve.colour)}30`});
      series.push(
        {scale: 'y', width: 0, points: {show: false}},
        {scale: 'y', width: 0, points: {show: false}},
      );
    }
    return {series, bands};
  }

  // What the library has no word for: scattered points, intervals of single points, marks.
  drawOver(u) {
    const ctx = u.ctx;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
    ctx.clip();
    for (const curve of this.curves) if (curve.shown) this.drawPoints(u, curve);
    drawMarks(u, this.spec);
    ctx.restore();
  }

  drawPoints(u, curve) {
    if (!curve.scattered && curve.points.length > 1) return;
    const ctx = u.ctx,
      half = (curve.points.length > 400 ? 1.25 : 2.5) * devicePixelRatio;
    ctx.globalAlpha = this.front && this.front !== curve ? FADED : curve.points.length > 400 ? 0.7 : 1;
    ctx.fillStyle = ctx.strokeStyle = colour(curve.colour);
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    for (const p of curve.points) {
      const x = u.valToPos(p.x, 'x', true),
        y = u.valToPos(p.y, 'y', true);
      if (curve.scattered) ctx.rect(x - half, y - half, 2 * half, 2 * half);
      if (p.lo === null) continue;
      ctx.moveTo(x, u.valToPos(p.lo, 'y', true));
      ctx.lineTo(x, u.valToPos(p.hi, 'y', true));
    }
    ctx.fill();
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  zoomed() {
    if (!this.plot) return;
    const {x, y} = this.plot.scales,
      [lo, hi] = withMargin(...xExtent(this.curves), this.spec.x);
    const [low, high] = this.yRange();
    const off = (a, b) => Math.abs(a - b) > 1e-9 * Math.abs(b);
    this.reset.hidden = ![
      [x.min, lo],
      [x.max, hi],
      [y.min, low],
      [y.max, high],
    ].some(([a, b]) => off(a, b));
    this.point(null);
  }

  showAll() {
    const [min, max] = withMargin(...xExtent(this.curves), this.spec.x);
    this.plot.setScale('x', {min, max});
  }

  // Around the cursor's point or the middle.
  zoom(factor) {
    const {min, max} = this.plot.scales.x,
      log = this.spec.x.log;
    const to = log ? Math.log : v => v,
      from = log ? Math.exp : v => v;
    const at = to(this.current ? this.current.point.x : from((to(min) + to(max)) / 2));
    this.plot.setScale('x', {
      min: from(at - (at - to(min)) * factor),
      max: from(at + (to(max) - at) * factor),
    });
  }

  visibilityChanged() {
    this.plot.batch(() => {
      for (const curve of this.curves) {
        const last = curve.series + (curve.banded && !curve.scattered ? 2 : 0);
        for (let i = curve.series; i <= last; ++i) this.plot.setSeries(i, {show: curve.shown});
        curve.button.setAttribute('aria-pressed', String(curve.shown));
      }
    });
    this.point(null);
    this.plot.redraw();
  }

  // Brings one curve forward by fading the others.
  emphasise(curve) {
    if (this.front === curve || this.curves.length < 2) return;
    this.front = curve;
    for (const other of this.curves) {
      const last = other.series + (other.banded && !other.scattered ? 2 : 0);
      for (let i = other.series; i <= last; ++i)
        this.plot.series[i].alpha = !curve || other === curve ? 1 : FADED;
    }
    this.plot.redraw(false);
  }

  place(point) {
    return [this.plot.valToPos(point.x, 'x'), this.plot.valToPos(point.y, 'y')];
  }

  inView(point) {
    const {x, y} = this.plot.scales;
    return point.x >= x.min && point.x <= x.max && point.y >= y.min && point.y <= y.max;
  }

  // The nearest visible point within reach.
  nearest(left, top) {
    let best = null,
      least = REACH_PX ** 2;
    for (const curve of this.curves) {
      if (!curve.shown) continue;
      for (const point of curve.points) {
        const [x, y] = this.place(point),
          distance = (x - left) ** 2 + (y - top) ** 2;
        if (distance < least && this.inView(point)) {
          least = distance;
          best = {curve, point};
        }
      }
    }
    return best;
  }

  // Shows the cursor at a point, or none; tells the section's other charts.
  point(target) {
    this.current = target;
    this.mark(target);
    this.emphasise(target ? target.curve : null);
    this.spoken.textContent = target ? tipLines(target, this.spec).join(', ') : '';
    for (const peer of this.peers || []) peer.follow(target && target.point.x, target && target.curve.label);
  }

  // What another chart's cursor points at, here: the same x and, where there is one, the curve of that name.
  follow(x, label) {
    if (x === null) return this.mark(null);
    const curve = this.curves.find(c => c.label === label && c.shown);
    const point = curve?.points.find(p => p.x === x);
    this.mark(point && this.inView(point) ? {curve, point} : null);
    const left = this.plot.valToPos(x, 'x');
    this.rule.hidden = !(left >= 0 && left <= this.plot.over.clientWidth);
    this.rule.style.left = `${left}px`;
  }

  mark(target) {
    this.tip.hidden = this.dot.hidden = this.rule.hidden = !target;
    if (!target) return;
    const [x, y] = this.place(target.point),
      [name, ...lines] = tipLines(target, this.spec);
    this.dot.style.left = this.rule.style.left = `${x}px`;
    this.dot.style.top = `${y}px`;
    this.dot.style.borderColor = `var(${target.curve.colour})`;
    const heading = element('b');
    heading.append(swatch(target.curve), name);
    this.tip.replaceChildren(heading, ...lines.map(line => element('span', '', line)));
    placeTip(this.tip, this.plot.over, x, y);
  }

  listen() {
    const over = this.plot.over;
    over.addEventListener('pointermove', event => {
      if (event.buttons) return this.point(null);
      const box = over.getBoundingClientRect();
      const next = this.nearest(event.clientX - box.left, event.clientY - box.top);
      if (next?.point !== this.current?.point) this.point(next);
    });
    over.addEventListener('pointerleave', () => this.point(null));
    this.holder.addEventListener('blur', () => this.point(null));
    this.holder.addEventListener('keydown', event => {
      const done = this.key(event.key);
      if (done) event.preventDefault();
    });
    this.reset.addEventListener('click', () => this.showAll());
  }

  key(name) {
    const steps = {ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity};
    if (name in steps) this.along(steps[name]);
    else if (name === 'ArrowUp' || name === 'ArrowDown') this.across(name === 'ArrowUp' ? 1 : -1);
    else if (name === '+' || name === '=') this.zoom(0.5);
    else if (name === '-') this.zoom(2);
    else if (name === '0') this.showAll();
    else if (name === 'Escape') this.point(null);
    else return false;
    return true;
  }

  along(step) {
    const curve = this.current?.curve || this.curves.find(c => c.shown && c.points.length);
    if (!curve) return;
    const seen = curve.points.filter(p => this.inView(p)),
      at = this.current ? seen.indexOf(this.current.point) + step : 0;
    if (seen.length) this.point({curve, point: seen[Math.min(Math.max(at, 0), seen.length - 1)]});
  }

  // To the next curve above or below at this x.
  across(sign) {
    if (!this.current) return this.along(1);
    const {
        point: {x, y},
        curve: from,
      } = this.current,
      candidates = [];
    for (const curve of this.curves) {
      if (curve === from || !curve.shown) continue;
      const point = curve.points.find(p => p.x === x);
      if (point && this.inView(point) && sign * (point.y - y) >= 0) candidates.push({curve, point});
    }
    candidates.sort((a, b) => sign * (a.point.y - b.point.y));
    if (candidates.length) this.point(candidates[0]);
  }
}

function chartFont(px) {
  return `${px}px ${getComputedStyle(document.body).fontFamily}`;
}

function tipLines({curve, point}, {x, y}) {
  const lines = [curve.label, `${formatNumber(point.x, x.unit)}: ${formatNumber(point.y, y.unit)}`];
  if (point.lo !== null) lines.push(`${formatNumber(point.lo, y.unit)} to ${formatNumber(point.hi, y.unit)}`);
  return point.note ? [...lines, point.note] : lines;
}

// Vertical lines with their words; words that would cover each other stand one below the other.
function drawMarks(u, spec) {
  const ctx = u.ctx,
    ratio = devicePixelRatio,
    ends = [];
  ctx.font = chartFont(11 * ratio);
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  ctx.lineWidth = ratio;
  for (const mark of [...(spec.m || [])].sort((a, b) => a.x - b.x)) {
    if (!drawable(mark.x, spec.x) || mark.x < u.scales.x.min || mark.x > u.scales.x.max) continue;
    const x = u.valToPos(mark.x, 'x', true),
      width = ctx.measureText(mark.l).width;
    ctx.strokeStyle = ctx.fillStyle = colour(mark.bad ? '--bad' : '--quiet');
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, u.bbox.top);
    ctx.lineTo(x, u.bbox.top + u.bbox.height);
    ctx.stroke();
    const flip = x + width + 6 * ratio > u.bbox.left + u.bbox.width,
      begin = flip ? x - width - 4 * ratio : x + 4 * ratio;
    let line = ends.findIndex(end => end < begin);
    if (line < 0) line = ends.length;
    ends[line] = begin + width + 4 * ratio;
    ctx.fillText(mark.l, begin, u.bbox.top + (2 + 14 * line) * ratio);
  }
  ctx.setLineDash([]);
}

function addChart(figure, spec) {
  const chart = new LiveChart(figure, spec);
  const data = figure.querySelector('script');
  data.replaceWith(...[chart.reset, chart.holder, chart.spoken].filter(Boolean));
  figure.querySelector('.unseen')?.remove();
  chart.start();
  if (chart.plot) chart.holder.after(makeLegend(chart));
  return chart;
}

// Charts of a section whose x axes are the same share their cursor.
function makeCharts(section) {
  const figures = Array.from(section.querySelectorAll('figure.chart')).filter(figure =>
    figure.querySelector('script'),
  );
  const charts = figures
    .map(figure => addChart(figure, JSON.parse(figure.querySelector('script').textContent)))
    .filter(chart => chart.plot);
  const axis = chart => `${chart.spec.x.unit} ${chart.spec.x.label}`;
  for (const chart of charts)
    chart.peers = charts.filter(peer => peer !== chart && axis(peer) === axis(chart));
}
