// What webapp/static/query/ takes of CodeMirror 6; bundled into ../codemirror/codemirror.js by build.sh.
export { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from '@codemirror/view';
export { Compartment, EditorState } from '@codemirror/state';
export { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
export { HighlightStyle, LanguageSupport, bracketMatching, indentUnit, syntaxHighlighting, syntaxTree } from '@codemirror/language';
export { autocompletion, closeBrackets, closeBracketsKeymap, startCompletion } from '@codemirror/autocomplete';
export { linter, lintGutter, setDiagnostics } from '@codemirror/lint';
export { styleTags, tags } from '@lezer/highlight';
export { sparql } from 'codemirror-lang-sparql';
