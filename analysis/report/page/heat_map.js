// A matrix as coloured cells. What is bad stands out from the background: strong colour, in both themes.
const MOST_ROW_NAME_PX = 420,
  MOST_COLUMN_NAME_PX = 170;
const HEAT_LABEL_PX = 12,
  MOST_HEAT_PX = 640,
  LEAST_CELL_PX = 1,
  MOST_CELL_PX = 44;

function decodeFloats(text) {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

function hexColour(text) {
  return [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16));
}

// Piecewise linear through the theme's colours --h0 … --h4.
function heatRamp() {
  const stops = [0, 1, 2, 3, 4].map(i => hexColour(colour(`--h${i}`)));
  return part => {
    const at = Math.min(Math.max(part, 0), 1) * (stops.length - 1),
      i = Math.min(Math.floor(at), stops.length - 2);
    const mixed = stops[i].map((c, k) => Math.round(c + (stops[i + 1][k] - c) * (at - i)));
    return `rgb(${mixed})`;
  };
}

// From value to 0 … 1; a range of more than 20 is told by its logarithm.
function heatScale(values, lowIsBad) {
  let least = Infinity,
    most = -Infinity;
  for (const v of values)
    if (Number.isFinite(v)) {
      least = Math.min(least, v);
      most = Math.max(most, v);
    }
  if (least > most) return null;
  const log = least > 0 && most / least > 20;
  const part = v =>
    most === least ? 0.5 : log ? Math.log(v / least) / Math.log(most / least) : (v - least) / (most - least);
  return {
    least,
    most,
    log,
    part: v => (lowIsBad ? 1 - part(v) : part(v)),
    at: p => (log ? least * (most / least) ** p : least + (most - least) * p),
  };
}

class Heat {
  constructor(figure, spec) {
    Object.assign(this, spec);
    this.values = decodeFloats(spec.values);
    this.scale = heatScale(this.values, spec.lowIsBad);
    this.figure = figure;
    this.row = this.column = -1;
    this.canvas = element('canvas', 'cells');
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    this.canvas.setAttribute(
      'aria-label',
      `Heat map ${figure.querySelector('figcaption')?.textContent || ''}, ` +
        `${this.rows.length} by ${this.columns.length}. Arrow keys move from cell to cell.`,
    );
    this.tip = element('div', 'tip');
    this.tip.hidden = true;
    this.spoken = element('output', 'spoken');
    this.holder = element('div', 'holder');
    this.holder.append(this.canvas, this.tip);
    figure.querySelector('script').replaceWith(this.holder, this.spoken);
    figure.querySelector('.unseen').remove();
    this.listen();
    new ResizeObserver(() => this.draw()).observe(figure);
    redraws.push(() => this.draw());
    this.draw();
  }

  draw() {
    const ctx = this.canvas.getContext('2d'),
      ratio = Math.max(devicePixelRatio, 2);
    const font = `${HEAT_LABEL_PX}px ${getComputedStyle(document.body).fontFamily}`;
    ctx.font = font;
    const widest = (names, most) =>
      Math.min(most, Math.max(0, ...names.map(name => ctx.measureText(name).width)));
    const room = Math.min(this.figure.clientWidth - 24, MOST_HEAT_PX + MOST_ROW_NAME_PX);
    this.left = Math.ceil(widest(this.rows, Math.min(MOST_ROW_NAME_PX, room / 2))) + 10;
    const legend = 108;
    this.cell = Math.min(
      MOST_CELL_PX,
      Math.max(
        LEAST_CELL_PX,
        Math.min((room - this.left - legend) / this.columns.length, MOST_HEAT_PX / this.rows.length),
      ),
    );
    const slanted = widest(this.columns, MOST_COLUMN_NAME_PX) > this.cell - 6;
    this.top = (slanted ? Math.ceil(widest(this.columns, MOST_COLUMN_NAME_PX)) : HEAT_LABEL_PX) + 10;
    const inner = {width: this.cell * this.columns.length, height: this.cell * this.rows.length};
    const width = this.left + inner.width + legend,
      height = Math.max(this.top + inner.height, this.top + 130) + 4;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    ctx.scale(ratio, ratio);
    ctx.font = font;
    this.drawCells(ctx);
    this.drawLabels(ctx, slanted);
    if (this.scale) this.drawLegend(ctx, this.left + inner.width + 16);
    this.drawCursor(ctx);
  }

  drawCells(ctx) {
    const ramp = heatRamp(),
      gap = this.cell > 8 ? 1 : 0,
      empty = colour('--grid');
    for (let r = 0; r < this.rows.length; ++r)
      for (let c = 0; c < this.columns.length; ++c) {
        const value = this.values[r * this.columns.length + c],
          x = this.left + c * this.cell,
          y = this.top + r * this.cell;
        const has = Number.isFinite(value);
        ctx.fillStyle = has ? ramp(this.scale.part(value)) : empty;
        if (has || gap) ctx.fillRect(x, y, this.cell - gap, this.cell - gap);
        if (!has && gap) {
          ctx.fillStyle = colour('--page');
          ctx.fillRect(x + 1, y + 1, this.cell - gap - 2, this.cell - gap - 2);
        }
      }
  }

  drawLabels(ctx, slanted) {
    ctx.fillStyle = colour('--text');
    const step = Math.ceil((HEAT_LABEL_PX + 2) / this.cell);
    ctx.textBaseline = 'middle';
    ctx.textAlign = 'right';
    for (let r = 0; r < this.rows.length; r += step)
      ctx.fillText(this.rows[r], this.left - 6, this.top + (r + 0.5) * this.cell, MOST_ROW_NAME_PX);
    ctx.textAlign = slanted ? 'left' : 'center';
    for (let c = 0; c < this.columns.length; c += slanted ? step : 1) {
      ctx.save();
      ctx.translate(this.left + (c + 0.5) * this.cell, this.top - 6);
      if (slanted) ctx.rotate(-Math.PI / 2);
      else ctx.translate(0, -4);
      ctx.fillText(this.columns[c], 0, 0, MOST_COLUMN_NAME_PX);
      ctx.restore();
    }
  }

  drawLegend(ctx, x) {
    const ramp = heatRamp(),
      height = 120;
    for (let y = 0; y < height; ++y) {
      const p = 1 - y / (height - 1);
      ctx.fillStyle = ramp(this.lowIsBad ? 1 - p : p);
      ctx.fillRect(x, this.top + y, 14, 1);
    }
    ctx.fillStyle = colour('--text');
    ctx.textAlign = 'left';
    ctx.textBaseline = 'middle';
    for (const p of [0, 0.5, 1])
      ctx.fillText(
        formatNumber(this.scale.at(p), this.unit),
        x + 20,
        this.top + (1 - p) * (height - HEAT_LABEL_PX) + HEAT_LABEL_PX / 2,
      );
  }

  drawCursor(ctx) {
    if (this.row < 0) return;
    ctx.strokeStyle = colour('--text');
    ctx.lineWidth = 2;
    ctx.strokeRect(
      this.left + this.column * this.cell,
      this.top + this.row * this.cell,
      Math.max(this.cell - 1, 3),
      Math.max(this.cell - 1, 3),
    );
  }

  show(row, column) {
    this.row = row;
    this.column = column;
    this.draw();
    this.tip.hidden = row < 0;
    if (row < 0) return;
    const value = this.values[row * this.columns.length + column];
    const text = Number.isFinite(value) ? formatNumber(value, this.unit) : 'no value';
    this.tip.replaceChildren(
      element('b', '', `${this.rows[row]} → ${this.columns[column]}`),
      element('span', '', text),
    );
    this.spoken.textContent = `row ${this.rows[row]}, column ${this.columns[column]}: ${text}`;
    const x = this.left + (column + 1) * this.cell,
      y = this.top + row * this.cell;
    placeTip(this.tip, this.holder, x, y);
  }

  listen() {
    this.canvas.addEventListener('pointermove', event => {
      const column = Math.floor((event.offsetX - this.left) / this.cell),
        row = Math.floor((event.offsetY - this.top) / this.cell);
      const inside = row >= 0 && column >= 0 && row < this.rows.length && column < this.columns.length;
      if (inside ? row !== this.row || column !== this.column : this.row >= 0)
        this.show(inside ? row : -1, column);
    });
    this.canvas.addEventListener('pointerleave', () => this.show(-1, -1));
    this.canvas.addEventListener('blur', () => this.show(-1, -1));
    this.canvas.addEventListener('keydown', event => {
      const step = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]}[event.key];
      if (event.key === 'Escape') return this.show(-1, -1);
      if (!step) return;
      event.preventDefault();
      const clamp = (value, size) => Math.min(Math.max(value, 0), size - 1);
      if (this.row < 0) this.show(0, 0);
      else
        this.show(
          clamp(this.row + step[0], this.rows.length),
          clamp(this.column + step[1], this.columns.length),
        );
    });
  }
}

// Beside the point, inside the holder.
function placeTip(tip, holder, x, y) {
  const width = tip.offsetWidth,
    left = x + 12 + width > holder.clientWidth ? Math.max(x - width - 12, 0) : x + 12;
  tip.style.left = `${left}px`;
  tip.style.top = `${Math.max(y - tip.offsetHeight - 8, 0)}px`;
}

function makeHeatMap(figure) {
  const spec = JSON.parse(figure.querySelector('script').textContent);
  new Heat(figure, spec);
}
