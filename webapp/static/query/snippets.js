/* The query as a program: each snippet asks this endpoint for JSON and runs as it stands. */

const quoted = (text) => JSON.stringify(text);
const python = (text) => (/\\|"""|"$/.test(text.trim()) ? quoted(text.trim()) : `"""\n${text.trim()}\n"""`);
const shell = (text) => `'${text.trim().replace(/'/g, "'\\''")}'`;
const template = (text) => `\`${text.trim().replace(/[\\`]|\$\{/g, '\\$&')}\``;

export const SNIPPETS = {
  curl: (endpoint, query) => `curl ${shell(endpoint)} \\
  -H 'Accept: application/sparql-results+json' \\
  --data-urlencode query=${shell(query)}
`,
  Python: (endpoint, query) => `# pip install SPARQLWrapper
from SPARQLWrapper import JSON, SPARQLWrapper

endpoint = SPARQLWrapper(${quoted(endpoint)}, agent="my-tool/1.0 (me@example.org)")
endpoint.setQuery(${python(query)})
endpoint.setReturnFormat(JSON)

for row in endpoint.query().convert()["results"]["bindings"]:
    print({name: value["value"] for name, value in row.items()})
`,
  JavaScript: (endpoint, query) => `const query = ${template(query)};

const answer = await fetch(${quoted(endpoint)}, {
  method: 'POST',
  body: new URLSearchParams({ query }),
  headers: { Accept: 'application/sparql-results+json' },
});
const { results } = await answer.json();
for (const row of results.bindings) console.log(Object.fromEntries(Object.entries(row).map(([name, { value }]) => [name, value])));
`,
  R: (endpoint, query) => `# install.packages("httr2")
library(httr2)

query <- ${quoted(query.trim()).replace(/\\n/g, '\n')}

rows <- request(${quoted(endpoint)}) |>
  req_headers(Accept = "text/csv") |>
  req_body_form(query = query) |>
  req_perform() |>
  resp_body_string() |>
  (\\(text) read.csv(text = text))()
print(rows)
`,
};
