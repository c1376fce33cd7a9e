// The curves' names as buttons: press to hide and show, press with Shift (or twice) to see one alone, point
// or focus to bring one forward.
function swatch(curve) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('width', 26);
  svg.setAttribute('height', 10);
  const shape = document.createElementNS(svg.namespaceURI, curve.scattered ? 'circle' : 'path');
  const attributes = curve.scattered
    ? {cx: 13, cy: 5, r: 3.5}
    : {d: 'M0 5H26', 'stroke-dasharray': curve.dash.join(' ')};
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  shape.style[curve.scattered ? 'fill' : 'stroke'] = `var(${curve.colour})`;
  svg.append(shape);
  return svg;
}

function makeLegend(chart) {
  const list = element('div', 'keys');
  const alone = curve => {
    const others = chart.curves.filter(c => c !== curve),
      only = curve.shown && others.every(c => !c.shown);
    others.forEach(c => {
      c.shown = only;
    });
    curve.shown = true;
  };
  for (const curve of chart.curves) {
    const button = element('button', 'key');
    button.append(swatch(curve), curve.label);
    button.title = 'Press to hide or show; with Shift, or twice, to see it alone';
    button.addEventListener('click', event => {
      if (event.shiftKey) alone(curve);
      else curve.shown = !curve.shown;
      chart.visibilityChanged();
    });
    button.addEventListener('dblclick', () => {
      alone(curve);
      chart.visibilityChanged();
    });
    for (const [event, forward] of [
      ['pointerenter', true],
      ['focus', true],
      ['pointerleave', false],
      ['blur', false],
    ])
      button.addEventListener(event, () => chart.emphasise(forward ? curve : null));
    curve.button = button;
    list.append(button);
  }
  return list;
}
