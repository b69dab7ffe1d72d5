/* Keeps the status page fresh: asks for it again, and changes what is different. What a person is doing stays: the focus,
   open details, the place on the page, and what is being typed into the filter. */
"use strict";

(() => {
  const EVERY = 10_000;
  const PATIENCE = 8_000;

  let timer = 0;
  let since = new Date();

  async function refresh() {
    try {
      const answer = await fetch(location.pathname + location.search, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (!answer.ok) {
        throw new Error(`HTTP status ${answer.status}`);
      }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = fresh.querySelector("main");
      if (!main) {
        throw new Error("not a status page");
      }
      const focused = document.activeElement;
      become(document.querySelector("main"), main);
      if (focused !== document.activeElement && focused.isConnected) {
        focused.focus({ preventScroll: true }); // its row has moved
      }
      document.title = fresh.title;
      become(document.querySelector("link[rel=icon]"), fresh.querySelector("link[rel=icon]"));
      since = new Date();
    } catch (e) {
      sayLost(e);
    } finally {
      plan();
    }
  }

  function plan() {
    clearTimeout(timer);
    if (!document.hidden) {
      timer = setTimeout(refresh, EVERY);
    }
  }

  /* What the page says is no longer known to be so: its verdict goes, until the next page brings one back. */
  function sayLost(e) {
    const why = e.message.startsWith("HTTP") ? `answers ${e.message}` : "does not answer";
    const lost = document.getElementById("lost");
    const text = `The proxy ${why}. What you see is from ${since.toLocaleTimeString()}.`;
    if (!lost.hidden && lost.textContent === text) {
      return;
    }
    lost.textContent = text;
    lost.hidden = false;
    document.querySelector(".summary").className = "summary trouble";
    document.querySelector("h1 svg").setAttribute("class", "icon trouble");
    document.querySelector("h1 use").setAttribute("href", "#trouble");
    document.querySelector("h1 span").textContent = "No answer";
    document.title = "No answer · Staplegate";
  }

  /* Makes a node what another one is, by as few changes as it takes. */
  function become(node, other) {
    if (node.isEqualNode(other)) {
      return;
    }
    if (node.nodeType === Node.TEXT_NODE) {
      node.data = other.data;
      return;
    }
    takeAttributes(node, other);
    takeChildren(node, other);
  }

  /* But for those that a person sets: what is open, and what is filled in. */
  function takeAttributes(node, other) {
    const kept = node.localName === "details" ? ["open"] : node.localName === "input" ? ["value", "checked"] : [];
    for (const { name } of [...node.attributes]) {
      if (!other.hasAttribute(name) && !kept.includes(name)) {
        node.removeAttribute(name);
      }
    }
    for (const { name, value } of other.attributes) {
      if (!kept.includes(name) && node.getAttribute(name) !== value) {
        node.setAttribute(name, value);
      }
    }
  }

  function takeChildren(node, other) {
    const named = new Map([...node.children].filter((child) => child.id).map((child) => [child.id, child]));
    let place = node.firstChild;
    for (const wanted of [...other.childNodes]) {
      const known = wanted.id ? named.get(wanted.id) : place && isAlike(place, wanted) ? place : null;
      if (known) {
        if (known === place) {
          place = place.nextSibling;
        } else {
          node.insertBefore(known, place);
        }
        become(known, wanted);
      } else {
        node.insertBefore(wanted, place);
      }
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function isAlike(node, other) {
    return node.nodeType === other.nodeType && node.nodeName === other.nodeName && !node.id && !other.id;
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(timer);
    } else {
      refresh();
    }
  });
  plan();
})();
