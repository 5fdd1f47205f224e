// Charts by Vega-Lite, loaded when the first one is asked for.
(function () {
  "use strict";
  const LIGHT = ["#17497f", "#b3261e", "#1d6b3c", "#8a5200", "#6a3d9a", "#0e7490", "#a0366f", "#4b5563", "#7a6a00", "#b4530a"];
  const DARK = ["#8fbcf0", "#ff9d96", "#84d3a0", "#f0bd75", "#c7a6f0", "#7fd3e0", "#f2a3cc", "#c3c8d0", "#dccb62", "#f3a06a"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let library;

  function load() {
    library = library || new Promise((done, failed) => { NB.script("a/vega.js", failed).addEventListener("load", done); });
    return library;
  }
  function config() {
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const font = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
    return {
      background: "transparent", font, aria: false,
      view: { stroke: null },
      axis: { labelColor: colour("--soft"), titleColor: colour("--soft"), gridColor: colour("--line"), domainColor: colour("--strong"), tickColor: colour("--strong"), labelFontSize: 12, titleFontSize: 12, labelAngle: 0 },
      legend: { labelColor: colour("--ink"), titleColor: colour("--soft"), labelFontSize: 12, orient: "bottom", title: null, labelLimit: 260, columns: innerWidth < 560 ? 1 : 3, symbolStrokeWidth: 2 },
      range: { category: NB.colours() },
    };
  }
  NB.colours = () => (dark.matches ? DARK : LIGHT);
  NB.preload = load;
  NB.draw = async (place, spec) => {
    await load();
    const full = Object.assign({ $schema: "https://vega.github.io/schema/vega-lite/v6.json", config: config(), width: "container", autosize: { type: "fit", contains: "padding" } }, spec);
    const made = await window.vegaEmbed(place, full, { actions: false, ast: true, renderer: "svg", defaultStyle: false, tooltip: false });
    // The figure is one image with a name of its own; a table beside it has the numbers.
    made.view.container().querySelectorAll("svg, svg *").forEach((each) => {
      for (const name of ["role", "aria-roledescription", "aria-label", "aria-hidden"]) each.removeAttribute(name);
    });
    return made.view;
  };
  NB.onTheme = (again) => dark.addEventListener("change", again);
})();
