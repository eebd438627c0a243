// The few things HTML cannot do by itself. The library reads `window.Hooks` when it starts.
(() => {
  const BOTTOM = 80; // pixels: who is this near the end sees what comes next

  const scrolled = (box) => {
    box.scrollTop = box.scrollHeight;
  };

  const Messages = {
    mounted() {
      this.place = this.el.dataset.place;
      scrolled(this.el);
    },
    beforeUpdate() {
      const { scrollHeight, scrollTop, clientHeight } = this.el;
      this.atEnd = scrollHeight - scrollTop - clientHeight < BOTTOM;
    },
    updated() {
      if (this.atEnd || this.place !== this.el.dataset.place) scrolled(this.el);
      this.place = this.el.dataset.place;
    },
  };

  const Composer = {
    mounted() {
      this.el.addEventListener("keydown", (event) => {
        if (event.target.tagName !== "TEXTAREA" || event.isComposing) return;
        if (event.key === "Enter" && !event.shiftKey) {
          event.preventDefault();
          this.el.requestSubmit();
        }
        const offered = this.el.querySelector(".hints button");
        const typed = event.target.value;
        if (event.key === "Tab" && offered && typed.startsWith("/") && !typed.includes(" ")) {
          event.preventDefault();
          offered.click();
        }
      });
      this.el.addEventListener("input", () => this.grow());
      this.handleEvent("field", ({ key, text }) => {
        if (key !== this.el.dataset.key) return;
        this.field().value = text;
        this.field().focus();
        this.grow();
      });
    },
    updated() {
      this.grow();
    },
    field() {
      return this.el.querySelector("textarea");
    },
    grow() {
      const field = this.field();
      field.style.height = "auto";
      field.style.height = `${Math.min(field.scrollHeight, 160)}px`;
    },
  };

  // A dialog takes the focus, Escape closes it, and the focus returns to where it was.
  const Dialog = {
    mounted() {
      this.before = document.activeElement;
      this.view = this.el.dataset.view;
      this.focus();
      this.el.addEventListener("keydown", (event) => {
        if (event.key === "Escape") this.pushEvent(this.el.dataset.close, {});
      });
    },
    updated() {
      const { view, wrong } = this.el.dataset;
      if (view !== this.view || (wrong && wrong !== this.wrong)) this.focusLater();
      this.view = view;
      this.wrong = wrong;
    },
    destroyed() {
      const again = this.before && this.before.id && document.getElementById(this.before.id);
      const field = document.querySelector("#composer-text");
      (again || field || document.querySelector("#main")).focus();
    },
    // While what was sent is under way the library holds the fields back, and then gives the focus back to the
    // button: come after it.
    focusLater() {
      const wait = this.el.querySelector(".phx-submit-loading") ? () => this.focusLater() : () => this.focus();
      setTimeout(wait, 40);
    },
    focus() {
      const field =
        this.el.querySelector("[aria-invalid=true] input, [aria-invalid=true]:not(fieldset)") ||
        this.el.querySelector(".modal-body input:not([type=hidden]), .modal-body textarea, .modal-body select") ||
        this.el.querySelector("footer .button:last-child");
      if (field) field.focus();
    },
  };

  // Light, dark, or as the machine has it; remembered by the browser.
  const THEMES = ["auto", "light", "dark"];
  const themed = (theme) => {
    document.documentElement.dataset.theme = theme;
  };
  const Theme = {
    mounted() {
      this.el.addEventListener("click", () => {
        const now = document.documentElement.dataset.theme;
        const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length];
        localStorage.setItem("theme", next);
        themed(next);
        this.say();
      });
      this.say();
    },
    updated() {
      this.say();
    },
    say() {
      this.el.textContent = `Colours: ${document.documentElement.dataset.theme}`;
    },
  };

  // The library's bar for slow pages: nothing is far away here, and it has no role that a reader knows.
  for (const name of ["phx:page-loading-start", "phx:page-loading-stop"]) {
    window.addEventListener(name, (event) => event.stopImmediatePropagation());
  }

  themed(localStorage.getItem("theme") || "auto");
  window.Hooks = { Messages, Composer, Dialog, Theme };
})();
