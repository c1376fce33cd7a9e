// Tables: headings are buttons that sort, ascending first; long ones get a field that filters.
const FILTER_FROM_ROWS = 12;
const collator = new Intl.Collator('en', {numeric: true});

// The cell's number where it has one; null sorts last in both directions.
const sortKey = cell =>
  'v' in cell.dataset ? (cell.dataset.v === '' ? null : Number(cell.dataset.v)) : cell.textContent;

function compareKeys(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(a, b));
}

function sortBy(table, column, heading) {
  const ascending = heading.getAttribute('aria-sort') !== 'ascending';
  for (const other of heading.parentNode.cells) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
  const body = table.tBodies[0];
  const keyed = Array.from(body.rows, row => ({row, key: sortKey(row.cells[column])}));
  keyed.sort((a, b) => compareKeys(a.key, b.key, ascending ? 1 : -1));
  body.append(...keyed.map(item => item.row));
}

function addFilter(figure, table) {
  const label = element('label', 'filter', 'Filter ');
  const field = element('input');
  field.type = 'search';
  label.append(field);
  const count = element('output');
  label.append(count);
  field.addEventListener('input', () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of table.tBodies[0].rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every(word => text.includes(word));
      shown += !row.hidden;
    }
    count.textContent = words.length ? ` ${shown} of ${table.tBodies[0].rows.length}` : '';
  });
  figure.querySelector('.scroll').before(label);
}

function makeTable(figure) {
  const table = figure.querySelector('table');
  Array.from(table.tHead.rows[0].cells).forEach((heading, column) => {
    const button = element('button', '', heading.textContent);
    heading.replaceChildren(button);
    button.addEventListener('click', () => sortBy(table, column, heading));
    if (table.tBodies[0].querySelector(`td[data-v]:nth-child(${column + 1})`)) heading.className = 'number';
  });
  if (table.tBodies[0].rows.length >= FILTER_FROM_ROWS) addFilter(figure, table);
}
