/* The gallery: questions that do not hold the words typed are hidden as they are typed. */

const field = document.getElementById('examples-search');
const cards = [...document.querySelectorAll('[data-search]')];
const none = document.getElementById('examples-none');
const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
const texts = cards.map((card) => fold(card.dataset.search));

field.addEventListener('input', () => {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  cards.forEach((card, at) => { card.hidden = !words.every((word) => texts[at].includes(word)); });
  for (const topic of document.querySelectorAll('.examples-topic')) topic.hidden = !topic.querySelector('[data-search]:not([hidden])');
  none.hidden = cards.some((card) => !card.hidden);
});
