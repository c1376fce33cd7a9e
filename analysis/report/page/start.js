// Makes the page alive.
addThemeButton();
printInLight();
document.querySelectorAll('figure.table').forEach(makeTable);
document.querySelectorAll('figure.heat').forEach(makeHeatMap);
if (typeof makeCharts === 'function') {
  document.querySelectorAll('section').forEach(makeCharts);
  makeCharts(document.querySelector('main'));
  document.querySelectorAll('figure.samples').forEach(makeSamples);
}
