// Light or dark: as the system says, until the button is pressed. Canvases are drawn anew.
const root = document.documentElement;
const redraws = [];
const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const isDark = () => (root.dataset.theme ? root.dataset.theme === 'dark' : prefersDark.matches);
const colour = name => getComputedStyle(root).getPropertyValue(name).trim();
const redrawAll = () => redraws.forEach(redraw => redraw());

// An element with its text; text never becomes markup.
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function addThemeButton() {
  const button = element('button', 'theme');
  const tell = () => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.title = `Show in ${button.textContent.toLowerCase()} colours`;
  };
  button.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    tell();
    redrawAll();
  });
  prefersDark.addEventListener('change', () => {
    tell();
    redrawAll();
  });
  tell();
  document.querySelector('header').append(button);
}

// Paper is white.
function printInLight() {
  let before;
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
    redrawAll();
  });
  addEventListener('afterprint', () => {
    if (before) root.dataset.theme = before;
    else delete root.dataset.theme;
    redrawAll();
  });
}
