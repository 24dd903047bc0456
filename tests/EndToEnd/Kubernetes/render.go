// render chart FOLDER NAMESPACE [VALUES]: renders a Helm chart as Helm does, as far as this repository's chart goes: text/template with sprig's functions and
// Helm's own that are used here. render yaml: reads objects. Both print one object a line, as JSON with sorted keys.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

type values = map[string]interface{}

type files struct{ folder string }

func (f files) Get(name string) string {
	text, err := os.ReadFile(filepath.Join(f.folder, name))
	must(err)
	return string(text)
}

func main() {
	if os.Args[1] == "yaml" {
		text, err := io.ReadAll(os.Stdin)
		must(err)
		show(string(text))
		return
	}
	folder := os.Args[2]
	chart, all := read(filepath.Join(folder, "Chart.yaml")), read(filepath.Join(folder, "values.yaml"))
	if len(os.Args) > 4 {
		lay(all, read(os.Args[4]))
	}
	root := template.New("").Option("missingkey=zero").Funcs(sprig.TxtFuncMap())
	root.Funcs(template.FuncMap{
		"include": func(name string, data interface{}) (string, error) {
			var text bytes.Buffer
			err := root.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
		"fromYaml": func(text string) (object values, err error) { err = yaml.Unmarshal([]byte(text), &object); return },
		"toYaml":   func(object interface{}) (string, error) { text, err := yaml.Marshal(object); return strings.TrimSuffix(string(text), "\n"), err },
	})
	paths, err := filepath.Glob(filepath.Join(folder, "templates", "*"))
	must(err)
	for _, path := range paths {
		template.Must(root.New(filepath.Base(path)).Parse(files{}.Get(path)))
	}
	data := values{
		"Values": all, "Files": files{folder}, "Chart": values{"Name": chart["name"], "Version": chart["version"], "AppVersion": chart["appVersion"]},
		"Release": values{"Name": "ipamsuite", "Namespace": os.Args[3], "Service": "Helm"},
	}
	for _, path := range paths {
		var text bytes.Buffer
		must(root.ExecuteTemplate(&text, filepath.Base(path), data))
		if strings.HasSuffix(path, ".yaml") {
			show(text.String())
		}
	}
}

func read(path string) (object values) {
	must(yaml.Unmarshal([]byte(files{}.Get(path)), &object))
	return
}

// lay puts the values that a user gives over the chart's.
func lay(under, over values) {
	for key, value := range over {
		if inner, isMap := value.(values); isMap {
			if below, isMap := under[key].(values); isMap {
				lay(below, inner)
				continue
			}
		}
		under[key] = value
	}
}

func show(text string) {
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var object values
		err := decoder.Decode(&object)
		if err == io.EOF {
			return
		}
		must(err)
		if object != nil {
			line, err := json.Marshal(object)
			must(err)
			fmt.Println(string(line))
		}
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
