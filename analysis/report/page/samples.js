// The samples of one case at a time: the distribution by launch, and the course in the order taken.
const STYLES = 32;

// What pack.cpp packed. Times are below 2^53 ns, a hundred days; bits are joined by arithmetic, not by 32-bit
// shifts.
function unpack(text) {
  const bytes = atob(text),
    values = [];
  let value = 0,
    part = 0,
    weight = 1;
  for (let i = 0; i < bytes.length; ++i) {
    const byte = bytes.charCodeAt(i);
    part += (byte & 127) * weight;
    weight *= 128;
    if (byte & 128) continue;
    value += part % 2 ? -(part + 1) / 2 : part / 2;
    values.push(value);
    part = 0;
    weight = 1;
  }
  return values;
}

function launchPoints(launch, k) {
  const points = unpack(launch.packed).map((time, i) => ({at: i * k, time}));
  for (let i = 0; i < launch.largest.length; i += 2)
    points.push({at: launch.largest[i], time: launch.largest[i + 1]});
  points.sort((a, b) => a.at - b.at);
  return points.map(p => ({at: p.at, time: p.time / launch.divisor}));
}

// The share of samples that are not larger; equal ones are one point.
function distribution(points) {
  const times = points.map(p => p.time).sort((a, b) => a - b),
    x = [],
    y = [];
  times.forEach((time, i) => {
    if (time === times[i + 1]) return;
    x.push(time);
    y.push((i + 1) / times.length);
  });
  return {x, y};
}

function courseSpec(launches) {
  const spec = {x: {label: 'sample', unit: COUNT}, y: {label: 'time', unit: TIME, log: 0}, c: [], m: []};
  let begin = 0;
  launches.forEach(({launch, points}, i) => {
    const notes = points.map(p => `sample ${p.at} of ${launch.n}`);
    spec.c.push({
      l: launch.l,
      s: i % STYLES,
      p: 1,
      x: points.map(p => begin + p.at),
      y: points.map(p => p.time),
      n: notes,
    });
    if (i > 0) spec.m.push({x: begin, l: ''});
    begin += launch.n;
  });
  return spec;
}

function distributionSpec(launches) {
  return {
    x: {label: 'time', unit: TIME},
    y: {label: 'share of samples', unit: RATIO},
    c: launches.map(({launch, points}, i) => ({l: launch.l, s: i % STYLES, ...distribution(points)})),
  };
}

// Where the largest is far from the smallest, a logarithm shows both.
function chooseScale(spec, launches) {
  const [least, most] = extentOf(launches.flatMap(l => l.points.map(p => p.time))) || [1, 1];
  if (least > 0 && most / least > 20) spec.log = 1;
}

class SampleView {
  constructor(figure, data) {
    this.data = data;
    this.charts = element('div', 'charts');
    const label = element('label', 'choose', 'Case ');
    this.select = element('select');
    data.c.forEach((one, i) => {
      const option = element('option', '', one.l);
      option.value = i;
      this.select.append(option);
    });
    label.append(this.select);
    figure.querySelector('script').replaceWith(label, this.charts);
    figure.querySelector('.unseen').remove();
    this.select.addEventListener('change', () => this.show());
    this.show();
  }

  show() {
    const one = this.data.c[this.select.value || 0];
    this.charts.replaceChildren();
    redraws.splice(0, redraws.length, ...redraws.filter(redraw => redraw.view !== this));
    if (!one) return;
    const launches = one.r.map(([l, n, divisor, packed, ...largest]) => {
      const launch = {l, n, divisor, packed, largest};
      return {launch, points: launchPoints(launch, this.data.k)};
    });
    const course = courseSpec(launches),
      shares = distributionSpec(launches);
    chooseScale(course.y, launches);
    chooseScale(shares.x, launches);
    const before = redraws.length;
    this.add('Share of samples up to a time', shares);
    this.add('In the order taken', course);
    redraws.slice(before).forEach(redraw => {
      redraw.view = this;
    });
  }

  add(title, spec) {
    const figure = element('figure', 'chart');
    figure.append(element('figcaption', '', title), element('script'));
    this.charts.append(figure);
    addChart(figure, spec);
  }
}

function makeSamples(figure) {
  new SampleView(figure, JSON.parse(figure.querySelector('script').textContent));
}
