"""Sphinx's settings for the site; site/build.py calls Sphinx with them."""

from __future__ import annotations

import sys
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from authoring import places

ROOT = Path(__file__).resolve().parent.parent

project = "Transfer learning"
author = "The transfer-learning course contributors"
copyright = "the transfer-learning course contributors. Code: BSD-3-Clause. Prose: CC BY 4.0"
language = "en"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.githubpages", "sphinx_copybutton"]

# Notebooks come with their outputs.
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"
nb_code_prompt_show = "Show the code"
nb_code_prompt_hide = "Hide the code"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 4
# A cell's headings continue those of the cell before it, and a page may open below its first level.
suppress_warnings = ["myst.header"]
highlight_language = "none"

# Docstrings write code in single backquotes too.
default_role = "code"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
add_module_names = False
python_display_short_literal_types = True

html_theme = "pydata_sphinx_theme"
html_title = "Transfer learning with pretrained convolutional networks"
html_short_title = "Transfer learning"
html_static_path = ["static"]
html_css_files = ["site.css"]
templates_path = ["templates"]
html_baseurl = places.site(ROOT) or ""
html_context = {"default_mode": "auto"}
# The summaries in search results are fetched, which a browser refuses for files.
html_show_search_summary = False
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_use_index = True
html_domain_indices = False
html_permalinks_icon = "#"
html_theme_options = {
    "logo": {"text": "Transfer learning"},
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_nav_level": 1,
    "navigation_depth": 4,
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
    "search_bar_text": "Search",
}
if address := places.repository(ROOT):
    html_theme_options["github_url"] = f"https://github.com/{address}"
    html_theme_options["navbar_end"].append("navbar-icon-links")


def math(translator, node: nodes.Element) -> None:
    """Writes a formula as MathML, which browsers draw themselves: a script that draws it would come from elsewhere."""
    translator.body.append(tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block)))
    raise nodes.SkipNode


def setup(app) -> dict[str, bool]:
    """Registers the writing of formulas."""
    app.add_html_math_renderer("mathml", inline_renderers=(math, None), block_renderers=(math, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


html_math_renderer = "mathml"
