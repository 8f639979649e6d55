/* Saving what is there: the answer as CSV, TSV or JSON from the endpoint itself, the drawing as SVG or PNG. */

export const FORMATS = { csv: 'text/csv', tsv: 'text/tab-separated-values', json: 'application/sparql-results+json' };

const KEPT = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'opacity', 'font-size', 'font-weight', 'font-family', 'text-anchor', 'dominant-baseline', 'paint-order', 'stroke-linejoin', 'direction'];

function save(blob, name) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Asks the endpoint again in another format, which its cache answers, and saves that. */
export async function saveAnswer(endpoint, query, format) {
  const answer = await fetch(endpoint, { method: 'POST', body: new URLSearchParams({ query }), headers: { Accept: FORMATS[format] } });
  if (!answer.ok) throw new Error(answer.statusText);
  save(await answer.blob(), `answer.${format}`);
}

/** The drawing by itself: what style sheets say of it is written into it. */
function standalone(drawing) {
  const copy = drawing.cloneNode(true);
  const [own, copied] = [[drawing, ...drawing.querySelectorAll('*')], [copy, ...copy.querySelectorAll('*')]];
  own.forEach((element, at) => {
    const style = window.getComputedStyle(element);
    // Attributes, because the page's policy takes no style attributes.
    for (const name of KEPT) if (style.getPropertyValue(name)) copied[at].setAttribute(name, style.getPropertyValue(name));
    copied[at].removeAttribute('class');
    copied[at].removeAttribute('data-tip');
  });
  const { width, height } = drawing.viewBox.baseVal;
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ width, height, fill: window.getComputedStyle(document.body).backgroundColor })) paper.setAttribute(name, value);
  copy.prepend(paper);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/** Saves the drawing as `svg` or `png`. */
export async function saveDrawing(drawing, format) {
  const { text, width, height } = standalone(drawing);
  if (format === 'svg') { save(new Blob([text], { type: 'image/svg+xml' }), 'answer.svg'); return; }
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: width * 2, height: height * 2 });
  canvas.getContext('2d').drawImage(image, 0, 0, width * 2, height * 2);
  canvas.toBlob((blob) => save(blob, 'answer.png'), 'image/png');
}
