// What webapp/static/query/ takes of D3 and TopoJSON; bundled into ../d3/d3.js by build.sh.
export { drag } from 'd3-drag';
export { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force';
export { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
export { hierarchy, pack, treemap } from 'd3-hierarchy';
export { scaleBand, scaleLinear, scaleSqrt, scaleUtc } from 'd3-scale';
export { select } from 'd3-selection';
export { arc, area, line, pie, stack } from 'd3-shape';
export { zoom, zoomIdentity } from 'd3-zoom';
export { feature } from 'topojson-client';
