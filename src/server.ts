// For a server that writes pages with the tag in them. Needs no DOM.
export { renderShadow, type ServerRendered, type ServerRendering } from './elements/server/render-shadow.js';
